"""certconfig > CERTAUTHORITY: the two lists, and what may not be added to the custom one."""

import pytest

from tests.commands.certificates import MIDDLE, OLD_ROOT, PARTNER, ROOT, pem
from tests.commands.conftest import Desk
from tests.commands.scripts import answers, screen
from tests.standards.certificates import Issued

ENABLE = """\
Certificate Authority Summary
Custom List: Disabled
System List: Enabled

Choose the operation you want to perform:
- CUSTOM - Manage Custom Certificate Authorities
- SYSTEM - Manage System Certificate Authorities
[]> custom

Choose the operation you want to perform:
- ENABLE - Enable the custom certificate authorities list
[]> enable

Choose the operation you want to perform:
- DISABLE - Disable the custom certificate authorities list
- IMPORT - Import the list of custom certificate authorties
[]> import

Enter the name of the file on machine "mail3.example.com" to import:
[]> roots.pem

2 certificates imported successfully.

Choose the operation you want to perform:
- DISABLE - Disable the custom certificate authorities list
- IMPORT - Import the list of custom certificate authorties
- EXPORT - Export the list of custom certificate authorties
- DELETE - Remove a certificate from the custom certificate authorty list
- PRINT - Print the list of custom certificate authorties
[]> print

1. CN=Example Root CA (expires Oct 26 2024 GMT)
2. CN=Example Issuing CA (expires Oct 26 2024 GMT)

Choose the operation you want to perform:
- DISABLE - Disable the custom certificate authorities list
- IMPORT - Import the list of custom certificate authorties
- EXPORT - Export the list of custom certificate authorties
- DELETE - Remove a certificate from the custom certificate authorty list
- PRINT - Print the list of custom certificate authorties
[]> <Enter>

Certificate Authority Summary
Custom List: Enabled
System List: Enabled

Choose the operation you want to perform:
- CUSTOM - Manage Custom Certificate Authorities
- SYSTEM - Manage System Certificate Authorities
[]> <Enter>
"""


def save(desk: Desk, *authorities: Issued) -> None:
    text = "\n".join(map(pem, authorities))
    desk.appliance.store.save_file("roots.pem", text.encode())


async def at_custom_list(desk: Desk, *typed: str) -> str:
    return await desk.type("certconfig", "certauthority", "custom", *typed, "", "", "")


async def test_a_custom_list_is_switched_on_filled_and_printed(desk: Desk) -> None:
    save(desk, ROOT, MIDDLE)
    shown = await desk.type("certconfig", "certauthority", *answers(ENABLE), "")
    assert f"[]> certauthority\n\n{screen(ENABLE)}" in shown
    assert desk.staged.certificates.custom_authorities == (pem(ROOT), pem(MIDDLE))


@pytest.mark.parametrize(
    ("authorities", "sentence"),
    [
        pytest.param(
            (ROOT, OLD_ROOT), 'The certificate "CN=Old Root CA" has expired.', id="expired"
        ),
        pytest.param((ROOT, ROOT), '"CN=Example Root CA" is in the list already.', id="twice"),
        pytest.param((MIDDLE,), '"CN=Example Issuing CA" is an intermediate one', id="no root"),
        pytest.param(
            (ROOT, PARTNER),
            "is not that of a certificate authority.",
            id="a certificate that is no CA",
        ),
        pytest.param((), "The certificate is not valid PEM.", id="no certificate"),
    ],
)
async def test_a_file_with_one_bad_certificate_adds_none(
    desk: Desk, authorities: tuple[Issued, ...], sentence: str
) -> None:
    save(desk, *authorities)
    assert sentence in await at_custom_list(desk, "enable", "import", "roots.pem")
    assert not desk.staged.certificates.custom_authorities


async def test_a_root_that_is_there_lets_its_intermediate_in(desk: Desk) -> None:
    save(desk, ROOT)
    await at_custom_list(desk, "enable", "import", "roots.pem")
    save(desk, MIDDLE)
    assert "1 certificate imported" in await at_custom_list(desk, "import", "roots.pem")
    assert "is in the list already" in await at_custom_list(desk, "import", "roots.pem")


async def test_export_delete_and_disable(desk: Desk) -> None:
    save(desk, ROOT, MIDDLE)
    await at_custom_list(desk, "enable", "import", "roots.pem", "export", "out.pem")
    assert desk.appliance.store.read_file("out.pem") == f"{pem(ROOT)}\n{pem(MIDDLE)}\n".encode()
    shown = await at_custom_list(desk, "delete", "2", "disable")
    assert "1. CN=Example Root CA (expires" in shown
    assert desk.staged.certificates.custom_authorities == (pem(ROOT),)
    assert not desk.staged.certificates.custom_list


async def test_the_system_list_is_switched(desk: Desk) -> None:
    shown = await desk.type("certconfig", "certauthority", "system", "disable", "", "", "")
    assert "- ENABLE - Enable the system certificate authorities list" in shown
    assert not desk.staged.certificates.system_list
    await desk.type("certconfig", "certauthority", "system", "enable", "", "", "")
    assert desk.staged.certificates.system_list
