"""The scripts of `lsops completion`, kept where its help says, in the shells themselves."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.cli import Lsops

PLACES = {
    "bash": ".local/share/bash-completion/completions/lsops",
    "fish": ".config/fish/completions/lsops.fish",
    "zsh": ".zfunc/_lsops",
}
ASKED = {
    "bash": """
        source ~/.local/share/bash-completion/completions/lsops
        COMP_WORDS=(lsops pla) COMP_CWORD=1
        _lsops_completion lsops
        printf '%s\\n' "${COMPREPLY[@]}"
        """,
    "fish": "complete --do-complete 'lsops pla' | string replace --regex '\\t.*' ''",
    "zsh": """
        fpath+=~/.zfunc
        autoload -Uz compinit
        compinit -u
        _describe() { local name=$argv[-2]; print -rl -- ${${(P)name}%%:*} }
        compadd() { print -r -- $argv[-1] }
        words=(lsops pla) CURRENT=2
        $_comps[lsops]
        """,
}
CLEAN = {"bash": ["--norc"], "fish": [], "zsh": ["-f"]}


@pytest.mark.parametrize("shell", PLACES)
def test_a_shell_completes_a_verb_by_the_script_where_its_help_says_it_is_kept(lsops: Lsops, shell: str) -> None:
    if shutil.which(shell) is None:
        pytest.skip(f"this machine has no {shell}")
    assert f"lsops completion {shell} > ~/{PLACES[shell]}\n" in lsops("completion", "--help").out
    lsops.write(lsops("completion", shell).out, PLACES[shell])

    env = {"HOME": str(lsops.folder), "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    command = [shell, *CLEAN[shell], "-c", ASKED[shell]]
    done = subprocess.run(command, env=env, check=False, capture_output=True, text=True, timeout=30)

    assert (done.stdout.split(), done.stderr) == (["plan"], "")
