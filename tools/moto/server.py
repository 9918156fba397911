"""moto's AWS in memory, on a free port of loopback, until its standard input ends.

Prints one line of JSON when it answers. Two things of moto are corrected, because little could be tried without them:
moto hides the certificate of a DISABLED CA, which AWS shows, and says in XML that it denies what was asked in JSON.
`--plain` leaves moto as it is.
"""

import json
import logging
import os
import sys

import moto
from moto.acmpca.exceptions import InvalidStateException
from moto.acmpca.models import ACMPCABackend
from moto.core.exceptions import JsonRESTError
from moto.iam.access_control import IAMRequest
from moto.server import ThreadedMotoServer


def certificate_of(backend, certificate_authority_arn):
    ca = backend.describe_certificate_authority(certificate_authority_arn)
    if ca.status not in ("ACTIVE", "DISABLED"):
        raise InvalidStateException(certificate_authority_arn)
    return ca.certificate_bytes, ca.certificate_chain


def refusing(exception):
    def refuse(request, *_):
        raise JsonRESTError(exception, "not allowed")

    return refuse


if "--plain" not in sys.argv:
    ACMPCABackend.get_certificate_authority_certificate = certificate_of
    IAMRequest._raise_access_denied = refusing("AccessDeniedException")
    IAMRequest._raise_invalid_access_key = refusing("UnrecognizedClientException")
    IAMRequest._raise_signature_does_not_match = refusing("InvalidSignatureException")

logging.getLogger("werkzeug").setLevel(logging.ERROR)
server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
server.start()
host, port = server.get_host_and_port()
print(json.dumps({"address": f"http://{host}:{port}", "version": moto.__version__}), flush=True)
sys.stdin.read()
os._exit(0)
