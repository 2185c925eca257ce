#!/usr/bin/env python3
"""Sends labelled samples to Headwater, with the packages kafka-python and avro. docs/produce.md explains the records.

usage: sample_producer.py BROKERS TOPIC text|numbers SCHEMA < samples.tsv

SCHEMA is the file schemas/released/0.1.0/Sample.avsc. A line has an id, a domain, a label, and a text or numbers, separated
by tabs. The label of a text is a class; that of numbers, which are separated by spaces, is a number.
"""
import io
import sys
from datetime import datetime, timezone

import avro.io
import avro.schema
from kafka import KafkaProducer

# C3 01 and the fingerprint of the schema, as docs/produce.md lists it.
HEADER = bytes.fromhex("c30146ddf18966e1e5a5")


def text(content, label):
    return {"text": content}, {"name": label}


def numbers(content, label):
    values = [float(value) for value in content.split()]
    return {"shape": [len(values)], "values": values}, {"values": [float(label)]}


def encoded(schema, sample):
    body = io.BytesIO()
    avro.io.DatumWriter(schema).write(sample, avro.io.BinaryEncoder(body))
    return HEADER + body.getvalue()


def main(brokers, topic, kind, schema_file):
    with open(schema_file, encoding="utf-8") as file:
        schema = avro.schema.parse(file.read())
    payload_and_label = {"text": text, "numbers": numbers}[kind]
    failures = []
    # One request at a time, so that a retry does not change the order of the samples of a domain.
    producer = KafkaProducer(
        bootstrap_servers=brokers, acks="all", retries=5, max_in_flight_requests_per_connection=1
    )
    for line in io.TextIOWrapper(sys.stdin.buffer, encoding="utf-8"):
        sample_id, domain, label, content = line.rstrip("\n").split("\t")
        payload, known = payload_and_label(content, label)
        sample = {
            "id": sample_id,
            "payload": payload,
            "label": known,
            "observedAt": datetime.now(timezone.utc),
            "provenance": None,
        }
        # The key is the domain. kafka-python chooses the partition of a key as Kafka's Java client does.
        sending = producer.send(topic, key=domain.encode("utf-8"), value=encoded(schema, sample))
        sending.add_errback(failures.append)
    producer.flush()
    producer.close()
    if failures:
        sys.exit(f"{len(failures)} samples were not sent; the first because of {failures[0]!r}")


if __name__ == "__main__":
    if len(sys.argv) != 5:
        sys.exit(__doc__)
    main(*sys.argv[1:])
