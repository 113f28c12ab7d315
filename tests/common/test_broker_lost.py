"""REL-03: a worker that loses the broker while tasks are at work takes the connection apart and lives on."""

from __future__ import annotations

from kombu.transport import redis

from ens_portal.celery import QoS, app


def test_rel_03_a_connection_that_is_lost_with_messages_at_work_is_closed_without_an_error(queue):
    app.send_task("rollout.open_due")
    connection = app.connection_for_read()
    message = connection.default_channel.basic_get("default")
    assert message is not None

    connection.collect()  # what the worker does first
    connection.close()

    assert not connection.connected


def test_rel_03_a_worker_that_ends_in_good_order_gives_its_messages_back(queue):
    app.send_task("rollout.open_due")
    connection = app.connection_for_read()
    connection.default_channel.basic_get("default")
    assert queue() == []

    connection.close()

    assert [message.task for message in queue()] == ["rollout.open_due"]


def test_the_transport_of_the_queues_uses_it():
    assert redis.Channel.QoS is QoS
