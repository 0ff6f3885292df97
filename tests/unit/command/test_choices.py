"""What the caller chooses: a token that a header can carry, and an address that somebody may be at."""

from pathlib import Path

import pytest

from services.command.choices import token_from
from services.command.failures import WrongCall
from services.command.publishing import addresses_of
from shared.settings import Settings


@pytest.mark.parametrize("written", ["dst_a\ndst_b", "dst_caf\u00e9", "dst_a b", "\ufeffdst_a"])
def test_what_no_header_can_carry_is_no_token_and_is_not_repeated(tmp_path: Path, written: str) -> None:
    file = tmp_path / "token"
    file.write_text(written, encoding="utf-8")
    for token, of in ((written, None), ("dst_good", file)):
        with pytest.raises(WrongCall, match="one line of visible ASCII") as refused:
            token_from(token, of)
        assert "dst" not in str(refused.value).replace(str(file), "")


def test_a_file_in_another_encoding_has_no_token(tmp_path: Path) -> None:
    (tmp_path / "token").write_bytes("dst_a\r\n".encode("utf-16"))
    with pytest.raises(WrongCall, match="one line of visible ASCII"):
        token_from(None, tmp_path / "token")


def test_white_space_around_a_token_is_no_part_of_it(tmp_path: Path) -> None:
    (tmp_path / "token").write_bytes(b"dst_a\r\n")
    assert token_from(None, tmp_path / "token") == "dst_a"
    assert token_from("dst_b\r", None) == "dst_b"
    assert token_from(None, None) is None
    assert token_from(" ", None) is None


@pytest.mark.parametrize("to", ["localhost:8001", "127.0.0.1", "ftp://127.0.0.1", "http://", "/v1"])
def test_what_is_no_address_is_a_wrong_call_and_not_tried(tmp_path: Path, to: str) -> None:
    with pytest.raises(WrongCall, match=r"is no address of a service: http://host:port"):
        addresses_of(Settings(data=tmp_path), to=to)


def test_an_address_may_have_a_path_and_a_slash_at_its_end(tmp_path: Path) -> None:
    found = addresses_of(Settings(data=tmp_path), to="https://gateway.example.org/doorstroom/")
    assert set(found.values()) == {"https://gateway.example.org/doorstroom"}
