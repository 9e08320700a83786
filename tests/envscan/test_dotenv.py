""".env texts, held against python-dotenv's own reading of a file and against what its documentation says."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from dotenv import dotenv_values
from hypothesis import given
from hypothesis import strategies as st

from launchready_tui.envscan import dotenv

TEXTS = [
    "A=1\nB=2",
    "export A=1\nexport  B = 2 ",
    "A='one two'\nB=\"one two\"\n",
    'A="x\\ny\\t\\"q\\""\nB=\'x\\ny\\\'q\'\n',
    'KEY="-----BEGIN\nMIIB\n-----END"\nB=2\n',
    "# c\nA=1 # inline\nB=1# none\nC='#'\nD=\"# no\"\n",
    'A=1\r\nB="x\r\ny"\r\nC=3\r\n',
    "A=\nB=''\nC=\"\"\n",
    "A=${B}/x\nB=$C\n",
    "A=1\nA=2\n",
    "A = b c  \n",
    "A\nexport B\nC=1\n",
    "A='unclosed\nB=2\n",
    "=1\n A.B-C=x\n",
    "A=1\rB=2\r",
]


@pytest.mark.parametrize("text", TEXTS)
def test_as_the_library_reads_a_file(text: str, tmp_path: Path) -> None:
    path = tmp_path / ".env"
    path.write_bytes(text.encode())
    oracle = dotenv_values(path, interpolate=False)
    assert dotenv.read(text) == {name: value for name, value in oracle.items() if value is not None}


def test_what_each_form_means() -> None:
    text = (
        "\ufeffexport A=plain # a comment\r\n"
        "B='sin\\'gle $X'\r\n"
        'C="dou\\"ble\\nline"\r\n'
        'D="two\nlines" # after\n'
        "E=${A}-x\n"
        "#F=1\n"
        "G=a#b\n"
        "LONE\n"
    )
    assert dotenv.read(text) == {
        "A": "plain",
        "B": "sin'gle $X",
        "C": 'dou"ble\nline',
        "D": "two\nlines",
        "E": "${A}-x",
        "G": "a#b",
    }
    assert [line for _, _, line in dotenv.bindings(text)] == [1, 2, 3, 4, 6, 8]


@given(st.text(alphabet="AB='\"\\ #\n\r$x\t", max_size=60))
def test_no_text_breaks_it(text: str) -> None:
    found = dotenv.read(text)
    assert all(isinstance(value, str) for value in found.values())


@pytest.mark.parametrize("junk", [" ", "\t", 'A="', "A='\\'", "\\", "A= ", "#", "=", "\n", "export "])
def test_a_text_made_to_be_slow_is_read_in_time(junk: str) -> None:
    before = time.monotonic()
    dotenv.read(junk * (300_000 // len(junk)))
    assert time.monotonic() - before < 20
