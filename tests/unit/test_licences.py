"""Everything that Macaw installs may be used by anybody for anything."""

from __future__ import annotations

import pytest

import licences

LOCKS = sorted(licences.LOCK.parent.glob("*.txt"))


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_every_licence_is_permissive(lock):
    found = licences.listed(lock)
    assert len(found) > 20
    assert [f"{each.package}: {each.licence}" for each in found if not each.is_permissive] == []


@pytest.mark.parametrize("licence", ["GPL-3.0-only", "LGPL-2.1-or-later", "", "Other/Proprietary License", "UNKNOWN"])
def test_other_licences_are_seen(licence):
    assert not licences.Licence("parrot", "1", licence).is_permissive


@pytest.mark.parametrize("licence", ["MIT", "BSD-3-Clause", "Apache-2.0", "Apache Software License", "MPL-2.0"])
def test_permissive_ones_pass(licence):
    assert licences.Licence("parrot", "1", licence).is_permissive
