"""Who reads the notice of a person, and by which way, as SQL (SPA-02, SPA-40, SPA-50, SPA-51).

Notices are prepared and waves are counted by the same words, so that a plan says what will leave.
"""

from __future__ import annotations

from datetime import date

from apps.spaces.majority import MAJORITY_AGE

# Whom the number `r.number` of the file means: the one person who has it or had it (IDN-04); nobody when it means two.
NAMED = """
    JOIN LATERAL (
        SELECT (array_agg(DISTINCT n.id))[1] AS id FROM (
            SELECT id FROM accounts_insidentity WHERE ins_number = r.number
            UNION ALL SELECT identity_id FROM accounts_formerinsnumber WHERE ins_number = r.number
        ) AS n HAVING count(DISTINCT n.id) = 1
    ) AS named ON true
    JOIN accounts_insidentity AS p ON p.id = named.id
"""
# A row for each reader `t.reader_id` (NULL: the person) of the person `e`; takes `of_age_on` as its one value.
# An adult reads for themselves; a minor's notice goes to the first representative of the file whose number means one
# living person; a protected adult reads beside the person in charge when the measure represents the person. Assistance
# gives nothing. The way `c` is that of the reader's own line: without one, that of the person's household.
READERS = f"""
    FROM rollout_eligibleperson AS e
    JOIN accounts_insidentity AS i ON i.id = e.identity_id
    CROSS JOIN LATERAL (
        SELECT e.situation = 'MINEUR' AND i.birth_date > %s AS minor,
            e.situation = 'MAJEUR_PROTEGE' AND e.measure IN ('TUTELLE', 'HABILITATION_FAMILIALE') AS represented
    ) AS f
    LEFT JOIN LATERAL (
        SELECT named.id FROM (
            VALUES (1, e.rl1_number, e.rl1_capacity), (2, e.rl2_number, e.rl2_capacity)
        ) AS r (place, number, capacity)
        {NAMED}
        WHERE (f.minor OR f.represented) AND r.number <> '' AND r.capacity <> ''
            AND p.died_on IS NULL AND p.id <> e.identity_id
        ORDER BY r.place LIMIT 1
    ) AS charge ON true
    JOIN LATERAL (
        SELECT NULL::uuid AS reader_id WHERE NOT f.minor
        UNION ALL SELECT charge.id WHERE charge.id IS NOT NULL
    ) AS t ON true
    LEFT JOIN rollout_eligibleperson AS own ON own.identity_id = t.reader_id
    CROSS JOIN LATERAL (
        SELECT q.channel, q.mail, q.street, q.post_code, q.city
        FROM rollout_eligibleperson AS q WHERE q.identity_id = coalesce(own.identity_id, e.identity_id)
    ) AS c
"""  # noqa: S608  constants only
MAIL = "CASE WHEN c.channel = 'courriel' THEN c.mail ELSE '' END"  # empty: it goes by post
HAS_STREET = "c.street <> '' AND c.post_code <> '' AND c.city <> ''"  # a letter can be addressed


def of_age_on(day: date) -> str:
    """Last birth date of those who are of age, as the register writes it: unknown parts (00) sort as the earliest, and
    somebody born on 29 February comes of age on 1 March (apps.spaces.majority).
    """
    return f"{day.year - MAJORITY_AGE:04d}-{day:%m-%d}"
