"""Sign in to Microsoft 365 once, as the person whose access the other jobs use; or try the app's own sign-in.

    python -m scripts.login                     with the settings in config.toml

With method = "device" under [sign_in], it shows an address and a code to type there, in any browser. The sign-in is
kept in a file that only this user can read. With a certificate or a client secret it only tests whether Microsoft
accepts it. Where mail has a sign-in of its own, under [mail_sign_in], both are tried. Exit codes: 0 signed in; 2 wrong
usage or settings; 3 Microsoft refused; 4 Microsoft cannot be reached; 1 something unexpected.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence

from scripts.adapters.cli import command_line
from scripts.adapters.cli.terminal import warn_on_stderr
from scripts.adapters.graph.session import new_session
from scripts.adapters.graph.sign_in import PersonSignIn, sign_in
from scripts.adapters.settings.build import load_config
from scripts.adapters.settings.config import SignInSettings
from tracker_schema.errors import UsageError


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    """Return the options of this job."""
    parser = command_line.job_parser(__doc__ or "", reads_tracker=False)
    parser.add_argument(
        "--config",
        type=command_line.path,
        metavar="PATH",
        help="the settings (default: config.toml, where there is one)",
    )
    return parser.parse_args(arguments)


def main(arguments: Sequence[str] | None = None) -> int:
    """Sign in as the command line `arguments` ask, and return the exit code."""
    options = parse(arguments)
    config = load_config(options)
    accounts = {}
    # Where only mail has a sign-in, the tracker is no matter of Microsoft's.
    if config.sign_in != SignInSettings() or config.mail_sign_in == SignInSettings():
        if missing := config.sign_in.missing():
            raise UsageError(
                f"config.toml does not say how to sign in: {missing} is missing under [sign_in].",
                "Fill it in as docs/for-it.md describes.",
            )
        accounts["the tracker"] = config.sign_in
    if config.mail_account != config.sign_in:
        accounts["mail"] = config.mail_account
    for settings in accounts.values():
        who = sign_in(settings, new_session())
        if isinstance(who, PersonSignIn):
            who.start(warn_on_stderr)
        who.token()
    if options.json:
        methods = {purpose: settings.method for purpose, settings in accounts.items()}
        print(json.dumps({"signed_in": True, "method": next(iter(methods.values())), "methods": methods}))
    elif len(accounts) > 1:
        print("Signed in, once for the tracker and once for mail.")
    else:
        print("Signed in.")
    return 0


if __name__ == "__main__":
    command_line.run(main)
