"""Gives what schemathesis makes up what no schema can describe: keys and certificates that are some.

WINDLASS_SEEDS is JSON: for each kind of body the fields to put into it, ids of what is there, and the id of the key
that is used.
"""

import json
import os

import schemathesis

SEEDS = json.loads(os.environ["WINDLASS_SEEDS"])
NOBODY = "0193a1c0-7b3e-7000-8000-000000000000"


@schemathesis.hook
def before_call(context, case, kwargs):
    spare_own_key(case)
    lead_somewhere(case)
    if isinstance(case.body, dict):
        case.body = on_loopback(with_seeds(case.body) if is_positive(case) else case.body)


def is_positive(case):
    return case.meta is not None and case.meta.generation.mode.is_positive


def spare_own_key(case):
    """A key that revokes itself would be told 401 from then on, whatever is asked."""
    if case.path_parameters.get("keyId") == SEEDS["ownKeyId"]:
        case.path_parameters["keyId"] = NOBODY


def lead_somewhere(case):
    """Made-up ids find nothing. What is there is asked for and changed, and never removed."""
    if case.path.endswith("/events"):
        # That of a rotation that goes on would not end.
        case.path_parameters["rotationId"] = SEEDS["endedRotationId"]
    elif is_positive(case) and case.method != "DELETE":
        there = {name: SEEDS["ids"][name] for name in case.path_parameters if name in SEEDS["ids"]}
        case.path_parameters.update(there)


def with_seeds(body):
    if isinstance(body.get("hosts"), list):
        return {**body, "hosts": [with_seeds(one) if isinstance(one, dict) else one for one in body["hosts"]]}
    if "managedPaths" in body:
        return with_login(body)
    seed = SEEDS["sample"] if "expect" in body else SEEDS["fleet"]
    return {**body, **{name: value for name, value in seed.items() if name in body}}


def with_login(server):
    """Key and login are those of the seeds, for a host as for its jump host: each may be given in one way only."""
    plain = {name: value for name, value in server.items() if name not in ("knownHosts", "hostKeyAlgorithm")}
    if isinstance(plain.get("jump"), dict):
        plain["jump"] = with_login(plain["jump"])
    return {**plain, **SEEDS["host"]}


def on_loopback(value):
    """Nobody outside of this machine is asked for anything."""
    if isinstance(value, list):
        return [on_loopback(one) for one in value]
    if not isinstance(value, dict):
        return value
    return {name: local(one) if name == "address" else on_loopback(one) for name, one in value.items()}


def local(address):
    if not isinstance(address, str) or address.startswith(("127.", "http://127.", "https://127.")):
        return address
    return "http://127.0.0.1:9" if "//" in address else "127.0.0.1" if address else address
