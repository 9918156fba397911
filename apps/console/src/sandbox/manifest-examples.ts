/** Kubernetes' share of the examples. */
export const MANIFEST_EXAMPLES = [
  {
    name: 'Kubernetes: an Ingress that asks, and takes any answer',
    finds: 'ingress-verify-optional',
    text: `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: api
  namespace: shop
  annotations:
    nginx.ingress.kubernetes.io/auth-tls-secret: shop/clients
    nginx.ingress.kubernetes.io/auth-tls-verify-client: "optional"
spec:
  ingressClassName: nginx
  tls:
    - hosts: [api.example.com]
      secretName: api-tls
  rules:
    - host: api.example.com
      http:
        paths:
          - path: /
            pathType: Prefix
            backend:
              service:
                name: api
                port:
                  number: 8080
`,
  },
];
