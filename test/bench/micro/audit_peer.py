"""`python audit_peer.py crossplane|gixy FILE`: one run of a peer in a process that has done nothing before.

Prints the seconds without the start of Python and the imports, and what came of it, as one line of JSON.
"""

import json
import sys
import time


def by_crossplane(main):
    import crossplane

    started = time.perf_counter()
    payload = crossplane.parse(main)
    seconds = time.perf_counter() - started
    return seconds, {"files": len(payload["config"]), "problems": len(payload["errors"])}


def by_gixy(main):
    from gixy.core.config import Config
    from gixy.core.manager import Manager

    started = time.perf_counter()
    # As its command does it, with every check that it runs by itself.
    with Manager(config=Config(load_default_vars=True)) as manager, open(main, "rb") as text:
        manager.audit(main, text)
        findings = sum(len(plugin.issues) for plugin in manager.results)
    return time.perf_counter() - started, {"findings": findings}


tool, main = sys.argv[1:]
seconds, found = {"crossplane": by_crossplane, "gixy": by_gixy}[tool](main)
print(json.dumps({"seconds": seconds, **found}))
