"""Brings a bundle to many hosts by asyncssh. The job is a JSON file: see asyncssh.ts."""

import asyncio
import json
import ssl
import sys

import asyncssh


async def switch(job, key, hosts_known, host):
    async with asyncssh.connect(
        host["address"],
        port=host["sshPort"],
        username="root",
        client_keys=[key],
        known_hosts=hosts_known,
        config=None,
        agent_path=None,
        gss_host=None,
    ) as connection:
        await connection.run(job["remote"], input=job["bundle"], check=True)


async def probe(context, host):
    reader, writer = await asyncio.open_connection(host["address"], host["httpsPort"], ssl=context)
    writer.write(f"GET / HTTP/1.1\r\nHost: {host['address']}\r\nConnection: close\r\n\r\n".encode())
    answer = await reader.read()
    writer.close()
    if b"SUCCESS" not in answer:
        raise RuntimeError(f"{host['address']} refuses the client: {answer!r}")


def client_context(client):
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.load_cert_chain(client["certificateFile"], client["keyFile"])
    return context


async def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        job = json.load(file)
    key = asyncssh.read_private_key(job["identity"])
    known = asyncssh.read_known_hosts(job["knownHosts"])
    context = client_context(job["client"]) if job["client"] else None
    gate = asyncio.Semaphore(job["atOnce"])

    async def one(host):
        async with gate:
            await switch(job, key, known, host)
            if context:
                await probe(context, host)

    await asyncio.gather(*(one(host) for host in job["hosts"]))


asyncio.run(main())
