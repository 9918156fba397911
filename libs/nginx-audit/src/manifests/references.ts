import type { Reference } from '../rule.js';

/** The versions whose sources were read, so that the lines stay what they were. */
const INGRESS_NGINX =
  'https://github.com/kubernetes/ingress-nginx/blob/dbb11b92ddb77bee9c35e462479129354c84f939';
const NGINX_INGRESS =
  'https://github.com/nginx/kubernetes-ingress/blob/0eb3072d14f04931824bb74c99a6566d8c108f3c';
const GATEWAY_API =
  'https://github.com/kubernetes-sigs/gateway-api/blob/4564255ac2c35d582249b3cdf261bdf51c8bca32';

/** A heading of the page on annotations of ingress-nginx. */
export function ingressDocs(heading: string, title: string): Reference {
  return {
    title: `ingress-nginx: ${title}`,
    url: `https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/annotations/#${heading}`,
  };
}

export const CLIENT_CERTIFICATES = ingressDocs(
  'client-certificate-authentication',
  'client certificate authentication',
);

/** A setting of the ConfigMap of ingress-nginx. */
export function ingressSetting(name: string): Reference {
  return {
    title: `ingress-nginx: ${name}`,
    url: `https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/configmap/#${name}`,
  };
}

function source(project: string, base: string, file: string): Reference {
  return { title: `${project}: ${file}`, url: `${base}/${file}` };
}

export const ingressSource = (file: string) => source('ingress-nginx', INGRESS_NGINX, file);
export const policySource = (file: string) => source('NGINX Ingress Controller', NGINX_INGRESS, file);
const gatewaySource = (file: string) => source('Gateway API', GATEWAY_API, file);

export const AUTH_TLS_SOURCE = ingressSource('internal/ingress/annotations/authtls/main.go');
export const SERVER_SOURCE = ingressSource('internal/ingress/controller/controller.go');
export const TEMPLATE_SOURCE = ingressSource('rootfs/etc/nginx/template/nginx.tmpl');

export const POLICY_DOCS: Reference = {
  title: 'NGINX Ingress Controller: IngressMTLS',
  url: 'https://docs.nginx.com/nginx-ingress-controller/configuration/policy-resource/#ingressmtls',
};
export const POLICY_SOURCE = policySource('internal/configs/policy.go');

export const GATEWAY_DOCS: Reference = {
  title: 'GEP-91: client certificate validation',
  url: 'https://gateway-api.sigs.k8s.io/geps/gep-91/',
};
export const GATEWAY_SOURCE = gatewaySource('apis/v1/gateway_types.go');
