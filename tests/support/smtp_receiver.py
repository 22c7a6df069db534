"""A mail server that keeps what it gets, for end-to-end tests: python3-aiosmtpd of Debian.

    smtp_receiver.py [--cert FILE --key FILE] [--user NAME --password WORD] [--refuse "550 text"]

Prints {"port": N} first, then one line of JSON for each letter. With a certificate it wants
STARTTLS, with a user it wants AUTH; --refuse answers every RCPT with that. Ends with its stdin.
"""
import argparse
import asyncio
import json
import ssl
import sys

from aiosmtpd.smtp import AuthResult, SMTP

options = argparse.ArgumentParser()
for name in ("cert", "key", "user", "password", "refuse"):
    options.add_argument("--" + name)
args = options.parse_args()


def say(value):
    print(json.dumps(value), flush=True)


class Handler:
    async def handle_RCPT(self, server, session, envelope, address, rcpt_options):
        if args.refuse:
            return args.refuse
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        say({"from": envelope.mail_from, "to": envelope.rcpt_tos,
             "letter": envelope.content.decode("ascii"), "tls": session.ssl is not None,
             "user": str(session.auth_data or "")})
        return "250 Taken"


def check(server, session, envelope, mechanism, data):
    right = data.login.decode() == args.user and data.password.decode() == args.password
    return AuthResult(success=right, handled=False, auth_data=data.login.decode())


def protocol():
    tls = None
    if args.cert:
        tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        tls.load_cert_chain(args.cert, args.key)
    return SMTP(Handler(), tls_context=tls, require_starttls=tls is not None,
                authenticator=check if args.user else None, auth_required=bool(args.user),
                auth_require_tls=tls is not None)


async def serve():
    loop = asyncio.get_running_loop()
    server = await loop.create_server(protocol, "127.0.0.1", 0)
    say({"port": server.sockets[0].getsockname()[1]})
    await loop.run_in_executor(None, sys.stdin.read)
    server.close()


asyncio.run(serve())
