"""The checked-in configuration of Prometheus and Alertmanager, made quick for a test and changed in nothing else.

Rules keep their expressions, labels and annotations: only how long a condition must hold, and how long an alert
outlives it, become seconds. Routes keep their matchers, receivers and order, and inhibition stays as it is: only
waiting times become a second, the time of the week is left out (a test may run at night), and addresses become those
of the test.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from tests.house.source import PROJECT

INFRA = PROJECT / "infra"
HELD = "2s"
"""For how long a condition must hold in a test."""
KEPT = "4s"
"""For how long an alert outlives its condition, where it does at all."""
LOOK = "500ms"
"""How often Prometheus scrapes and evaluates in a test."""


def prometheus_files(folder: Path, *, targets: Mapping[str, int], quick: bool = True) -> Path:
    """The configuration for `doorstroom up`, with the ports of a test, and its rules; the file to start with."""
    config = yaml.safe_load((INFRA / "prometheus" / "local.yml").read_text())
    config["global"] = {"scrape_interval": LOOK, "evaluation_interval": LOOK}
    for scrape in config["scrape_configs"]:
        scrape["static_configs"] = [{"targets": [f"127.0.0.1:{targets[scrape['job_name']]}"]}]
    config["alerting"]["alertmanagers"][0]["static_configs"][0]["targets"] = [f"127.0.0.1:{targets['alertmanager']}"]
    (folder / "rules").mkdir(parents=True)
    for file in (INFRA / "prometheus" / "rules").glob("*.yml"):
        rules = yaml.safe_load(file.read_text())
        (folder / "rules" / file.name).write_text(yaml.safe_dump(quickened(rules) if quick else rules))
    return _written(folder / "prometheus.yml", config)


def quickened(rules: dict[str, Any]) -> dict[str, Any]:
    """The same rules, with seconds for durations."""
    for group in rules["groups"]:
        for rule in group["rules"]:
            rule.update({"for": HELD} if "for" in rule else {})
            rule.update({"keep_firing_for": KEPT} if "keep_firing_for" in rule else {})
    return rules


def alertmanager_files(folder: Path, *, webhooks: int, mail: int) -> Path:
    """The routes and receivers with the addresses of a test: what was a host becomes the first part of the path."""
    config = yaml.safe_load((INFRA / "alertmanager" / "alertmanager.yml").read_text())
    config["global"] |= {"smtp_smarthost": f"127.0.0.1:{mail}", "smtp_require_tls": False}
    config["templates"] = [str(INFRA / "alertmanager" / "templates" / "*.tmpl")]
    _quicken(config["route"])
    secrets = folder / "secrets"
    secrets.mkdir(parents=True)
    (secrets / "smtp_password").write_text("of no use here")
    for receiver in config["receivers"]:
        for webhook in receiver.get("webhook_configs", ()):
            host = re.compile(r"http://(\w+)\.doorstroom\.invalid")
            webhook["url"] = host.sub(rf"http://127.0.0.1:{webhooks}/\1", webhook["url"])
            if "http_config" in webhook:
                name = Path(webhook["http_config"]["authorization"]["credentials_file"]).name
                (secrets / name).write_text(name)
    return _written(folder / "alertmanager.yml", config)


def _quicken(route: dict[str, Any]) -> None:
    route |= {"group_wait": "0s", "group_interval": "1s"}
    route.pop("active_time_intervals", None)
    for inner in route.get("routes", ()):
        _quicken(inner)


def _written(file: Path, config: Mapping[str, Any]) -> Path:
    file.write_text(yaml.safe_dump(config))
    return file
