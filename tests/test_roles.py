"""What an article says somebody is: role and affiliation, from wherever they stand."""

from __future__ import annotations

import pytest

from attribution import Speaker, extract

CASES = [
    # before the name
    ("Senate Majority Leader Odell Prather said the vote would be held.", "Senate Majority Leader", None),
    ("Chief Cabinet Secretary Emi Harada said the tax would stay.", "Chief Cabinet Secretary", None),
    ("Works Minister Colin Abara said the bridge would open in May.", "Works Minister", None),
    ("Police Chief Dana Krol said nobody was hurt.", "Police Chief", None),
    ("Harbour Ministry spokesman Piet Aalders said the port was closed.", "spokesman", "Harbour Ministry"),
    ("A Kenyan general, Jonah Mutiso, said the road was clear.", "Kenyan general", "Kenya"),
    ("The mayor of Velna, Petra Lomm, said the bridge was safe.", "mayor of Velna", None),
    ("The chairman of the Chamber of Commerce, Mr Aled Rhys, said trade had fallen.", "chairman of the Chamber of Commerce", "Chamber of Commerce"),
    ("“It is over,” grumbled its president, Gus Marchand.", "president", None),
    ("Allies of her chief secretary, Ingrid Foss, say he complained.", None, None),
    ("The village had asked its men for help, Inspector Clement Toole said.", "Inspector", None),
    # behind it
    ("Petra Lomm, a professor of law and economics, said the rule was void.", "professor of law and economics", None),
    ("Petra Lomm, 43, then head of home loans, said she knew nothing.", "head of home loans", None),
    ("Petra Lomm, director of the Polar Institute, said ice was melting.", "director of the Polar Institute", "Polar Institute"),
    ("Petra Lomm, a teacher in Worcester, said she was tired.", "teacher in Worcester", None),
    ("Petra Lomm, whose kitchen is 200 yards away, said she heard it.", None, None),
    ("Petra Lomm, remembering her brother, said he was kind.", None, None),
    ("Petra Lomm ( ) is the mayor of Velna. She said the bridge was safe.", None, None),
    # clauses with "who"
    ("“It is over,” said Petra Lomm, who runs Asian affairs at the State Department.", "runs Asian affairs at the State Department", "State Department"),
    ("Petra Lomm, who is the chief economist at the Harbour Bank, said rates would fall.", "chief economist at the Harbour Bank", "Harbour Bank"),
    ("Petra Lomm, who leads the Green Party, said rates would fall.", "leads the Green Party", "Green Party"),
    ("Petra Lomm, who lives across the street, said she heard a bang.", None, None),
    ("Petra Lomm, who lost a husband and two sons, said she would stay.", None, None),
    # later
    ("Petra Lomm saw it all. “It came from the left,” the Dutch lawyer said. “Nobody braked.”", "Dutch lawyer", None),
    ("Petra Lomm saw it all. “It came from the left,” the man said.", None, None),
]  # fmt: skip


@pytest.mark.parametrize(("text", "role", "affiliation"), CASES)
def test_role_and_affiliation(text: str, role: str | None, affiliation: str | None) -> None:
    who: list[Speaker] = [c.speaker for c in extract(text) if c.speaker.kind == "person"]
    assert role is None or who, text
    assert [(s.role, s.affiliation) for s in who[:1] if s.role or role] == ([(role, affiliation)] if role else [])
