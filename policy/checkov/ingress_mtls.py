"""What ingress-nginx does with client certificates that it should not, for Checkov.

checkov --directory manifests --framework kubernetes --external-checks-dir policy/checkov --skip-download

An Ingress is judged as ingress-nginx reads its annotations (internal/ingress/annotations/authtls). Each check has
the id of a rule of `windlass audit` (docs/audit-rules.md), in Checkov's spelling: CKV_WINDLASS_VERIFY_OPTIONAL is
verify-optional. An Ingress that no check has anything to do with is neither passed nor failed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from checkov.common.models.enums import CheckCategories, CheckResult
from checkov.common.util.type_forcers import force_list
from checkov.kubernetes.checks.resource.base_spec_check import BaseK8Check

PREFIX = "nginx.ingress.kubernetes.io/auth-tls-"
# What strconv.ParseBool takes for true.
TRUE = ("1", "t", "T", "true", "TRUE", "True")

# The auth-tls-* annotations of an Ingress, without that prefix.
Annotations = dict[str, str]


def annotations_of(conf: dict[str, Any]) -> Annotations:
    """Checkov has put them into a list when it looked for its own, those that skip a check."""
    found = (conf.get("metadata") or {}).get("annotations") or {}
    return {
        key.removeprefix(PREFIX): word(value)
        for annotations in force_list(found)
        for key, value in annotations.items()
        if isinstance(key, str) and key.startswith(PREFIX)
    }


def word(value: Any) -> str:
    """An unquoted on, off, true or 2 is no string in YAML; Kubernetes refuses it, and its meaning is plain."""
    if isinstance(value, bool):
        return "on" if value else "off"
    return "" if value is None else str(value).strip()


def has_bundle(tls: Annotations) -> bool:
    return tls.get("secret", "") != ""


def verify(tls: Annotations) -> str:
    """Anything but these four words is read as on, the default."""
    given = tls.get("verify-client", "on")
    return given if given in ("off", "optional", "optional_no_ca") else "on"


def asks(tls: Annotations) -> bool:
    return has_bundle(tls) and verify(tls) != "off"


def depth(tls: Annotations) -> int:
    """1 unless set; so is 0, and what is no number."""
    try:
        return int(tls.get("verify-depth", "")) or 1
    except ValueError:
        return 1


def passes_certificate(tls: Annotations) -> bool:
    given = tls.get("pass-certificate-to-upstream", "")
    return given in TRUE or given == "on"


class IngressCheck(BaseK8Check):
    """Fails an Ingress that `concerns` and `is_wrong` are both true of."""

    def __init__(
        self,
        rule: str,
        name: str,
        concerns: Callable[[Annotations], bool],
        is_wrong: Callable[[Annotations], bool],
    ) -> None:
        self.concerns = concerns
        self.is_wrong = is_wrong
        super().__init__(
            name=name,
            id=f"CKV_WINDLASS_{rule.upper().replace('-', '_')}",
            categories=(CheckCategories.NETWORKING,),
            supported_entities=("Ingress",),
        )

    def scan_spec_conf(self, conf: dict[str, Any]) -> CheckResult:
        tls = annotations_of(conf)
        if not self.concerns(tls):
            return CheckResult.UNKNOWN
        return CheckResult.FAILED if self.is_wrong(tls) else CheckResult.PASSED


CHECKS = (
    IngressCheck(
        "bundle-missing",
        "Name the clients' CAs in auth-tls-secret: without it ingress-nginx reads no other auth-tls annotation, and lets everybody in",
        concerns=bool,
        is_wrong=lambda tls: not has_bundle(tls),
    ),
    IngressCheck(
        "verify-off",
        "Set auth-tls-verify-client to on: with off, auth-tls-secret is loaded and nobody is asked for a certificate",
        concerns=has_bundle,
        is_wrong=lambda tls: verify(tls) == "off",
    ),
    IngressCheck(
        "verify-optional",
        "Set auth-tls-verify-client to on: with optional, a client without a certificate gets through to the application",
        concerns=has_bundle,
        is_wrong=lambda tls: verify(tls) == "optional",
    ),
    IngressCheck(
        "verify-optional-no-ca",
        "Set auth-tls-verify-client to on: with optional_no_ca, a client with a certificate of any CA, or of none, gets through to the application",
        concerns=has_bundle,
        is_wrong=lambda tls: verify(tls) == "optional_no_ca",
    ),
    IngressCheck(
        "depth-default",
        "Set auth-tls-verify-depth to 2 or more: it is 1 unless set, and clients of a CA below a second intermediate are refused",
        concerns=asks,
        is_wrong=lambda tls: depth(tls) < 2,
    ),
    IngressCheck(
        "error-page-masks-refusal",
        "Leave auth-tls-error-page out: a client without a good certificate then gets what that page answers, and no refusal",
        concerns=asks,
        is_wrong=lambda tls: tls.get("error-page", "") != "",
    ),
    IngressCheck(
        "identity-header-forgeable",
        "Set auth-tls-pass-certificate-to-upstream to true: without it ingress-nginx hands on the ssl-client-cert header that a client sent",
        concerns=asks,
        is_wrong=lambda tls: not passes_certificate(tls),
    ),
)
