"""The list of patients of the simulated mail operator."""

from __future__ import annotations

import json
from datetime import date

from apps.accounts.ins import control_key
from apps.journeys.demonstration.cast import cast
from apps.journeys.demonstration.mssante import patients, write_patients
from simulators.mssante_operator.patients import Patient, patient_of, read_patients

TODAY = date(2026, 11, 25)


def one(label):
    return next(traits for traits in patients(today=TODAY) if traits["label"] == label)


def test_camille_is_first_with_her_traits():
    assert patients(today=TODAY)[0] == {
        "label": "Camille Morel",
        "number": "284064410920445",
        "authority": "1.2.250.1.213.1.4.10",
        "family": "MOREL",
        "given": "CAMILLE ANNE",
        "born": "19840614",
        "sex": "F",
    }


def test_unknown_day_and_month_stay_unknown():
    assert one("Saïd Bouziane")["born"] == "195206"
    assert one("Fatima Bouziane")["born"] == "1955"


def test_everybody_of_the_file_has_a_number_with_its_key():
    found = patients(today=TODAY)

    assert len(found) == sum(member.is_in_file for member in cast(today=TODAY))
    assert [each["number"][13:] for each in found] == [control_key(each["number"][:13]) for each in found]
    assert one("Awa Diop")["authority"] == "1.2.250.1.213.1.4.9"


def test_idn_11_the_simulator_reads_what_is_written(tmp_path):
    path = tmp_path / "patients.json"

    count = write_patients(path=path, today=TODAY)

    found = read_patients(path)
    assert len(found) == count == len(json.loads(path.read_text()))
    assert found[0].address("patient.mssante.example") == "284064410920445@patient.mssante.example"
    assert patient_of("284064410920445@patient.mssante.example", found) == found[0]
    assert patient_of("279035121518989@patient.mssante.example", found) == Patient(number="279035121518989")


def test_a_list_that_is_none_is_nobody(tmp_path):
    (tmp_path / "broken.json").write_text('[{"number": "1"}]')

    assert read_patients(tmp_path / "absent.json") == []
    assert read_patients(tmp_path / "broken.json") == []
