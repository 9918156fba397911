"""Brings a bundle to every host of the inventory. The job is the JSON file in BENCH_JOB: see pyinfra.ts."""

import json
import os

from gevent import subprocess
from pyinfra import host
from pyinfra.operations import python, server

with open(os.environ["BENCH_JOB"], encoding="utf-8") as file:
    job = json.load(file)


def probe():
    identity = ["--cert", job["certificateFile"], "--key", job["keyFile"]]
    target = f"https://{host.data.ssh_hostname}:{host.data.https_port}/"
    answer = subprocess.check_output(["curl", "-sk", *identity, target])
    if not answer.startswith(b"SUCCESS"):
        raise RuntimeError(f"{host.name} refuses the client: {answer!r}")


with open(job["bundle"], encoding="utf-8") as file:
    bundle = file.read()

server.shell(name="bundle, switch, test, reload", commands=[job["remote"]], _stdin=bundle)
if job["certificateFile"]:
    python.call(name="a client gets in", function=probe)
