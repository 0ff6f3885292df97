"""The manifests for Kubernetes: right by its schemas, confined, and about services, ports and settings there are."""

import re
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, get_args

import kubernetes_validate
import pytest
import yaml

from services.command.serving import Service
from services.command.supervision.system import READY_S_MAX
from services.intake.app import create_app as intake
from services.monitor import app as monitor_app
from services.placement.app import create_app as placement
from shared import service, serving
from shared.settings import Settings
from tests.house.source import PROJECT

KUBERNETES = "1.34"
"""The version whose schemas they follow."""
FOLDER = PROJECT / "infra" / "kubernetes"
FOLDERS = ("base", "administration", "overlays/example")
SERVICES = get_args(Service)
APPS: dict[str, Callable[[Settings], Any]] = {
    "intake": intake,
    "placement": placement,
    "monitor": partial(monitor_app.create_app, stop=lambda: None),
}

Document = dict[str, Any]


def documents() -> Iterator[tuple[str, Document]]:
    """Every document in every file, with a name for it."""
    for file in sorted(FOLDER.rglob("*.yaml")):
        for document in yaml.safe_load_all(file.read_text()):
            yield f"{file.relative_to(FOLDER)}-{document['kind']}-{document.get('metadata', {}).get('name')}", document


ALL = dict(documents())
OF_KUSTOMIZE = ("Kustomization", "Component")
OF_KUBERNETES = {name: document for name, document in ALL.items() if document["kind"] not in OF_KUSTOMIZE}
WORKLOADS = ("Deployment", "Job", "CronJob")
PODS = {
    name: found["spec"].get("jobTemplate", found) for name, found in OF_KUBERNETES.items() if found["kind"] in WORKLOADS
}
"""What makes pods, by the name of its document; of a CronJob its job."""


def of(kind: str) -> dict[str, Document]:
    """Every document of a kind, by its own name."""
    return {one["metadata"]["name"]: one for one in OF_KUBERNETES.values() if one["kind"] == kind}


def named(document: Document) -> dict[str, str]:
    """The labels of the pods of a workload, as kustomize completes them."""
    return {"app.kubernetes.io/part-of": "doorstroom", **document["spec"]["template"]["metadata"]["labels"]}


def selects(selector: Document, labels: dict[str, str]) -> bool:
    """Whether a selector takes in pods with these labels."""
    return all(labels.get(key) == value for key, value in selector.get("matchLabels", {}).items()) and all(
        labels.get(one["key"]) in one["values"] for one in selector.get("matchExpressions", [])
    )


def test_there_is_a_workload_a_service_and_a_budget_for_each_service() -> None:
    assert list(of("Deployment")) == list(of("Service")) == list(of("PodDisruptionBudget")) == sorted(SERVICES)


@pytest.mark.parametrize("name", OF_KUBERNETES)
def test_a_manifest_is_right_by_the_schema_of_kubernetes(name: str) -> None:
    kubernetes_validate.validate(OF_KUBERNETES[name], KUBERNETES, strict=True)


def test_a_misspelt_field_would_be_found() -> None:
    wrong = yaml.safe_load(yaml.safe_dump(of("Deployment")["intake"]))
    wrong["spec"]["template"]["spec"]["containers"][0]["livenesProbe"] = {}
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(wrong, KUBERNETES, strict=True)


@pytest.mark.parametrize("folder", FOLDERS)
def test_kustomize_finds_everything_it_is_told_of(folder: str) -> None:
    """That kustomize takes them is tried by .ci/run, where there is a kubectl."""
    told = yaml.safe_load((FOLDER / folder / "kustomization.yaml").read_text())
    beside = {file.name for file in (FOLDER / folder).glob("*.yaml")} - {"kustomization.yaml"}
    assert {name for name in told["resources"] if not name.startswith("..")} == beside
    for name in told["resources"]:
        assert (FOLDER / folder / name).exists()
    assert [image["name"] for image in told["images"]] == ["doorstroom"]
    for patch in told.get("patches", []):
        assert patch["target"]["name"] in of(patch["target"]["kind"])
    for group in told.get("labels", []):
        assert group == {"pairs": {"app.kubernetes.io/part-of": "doorstroom"}, "includeTemplates": True}


def test_every_container_runs_the_image_that_kustomize_names() -> None:
    images = {one["image"] for pod in PODS.values() for one in pod["spec"]["template"]["spec"]["containers"]}
    assert images == {"doorstroom"}


@pytest.mark.parametrize("name", PODS)
def test_a_pod_has_no_right_that_it_does_not_need(name: str) -> None:
    spec = PODS[name]["spec"]["template"]["spec"]
    assert spec["automountServiceAccountToken"] is False
    assert spec["serviceAccountName"] in of("ServiceAccount")
    assert spec["enableServiceLinks"] is False  # DOORSTROOM_INTAKE_PORT=tcp://... would be no port.
    context = spec["securityContext"]
    assert context["runAsNonRoot"] is True
    assert context["seccompProfile"] == {"type": "RuntimeDefault"}
    made = re.search(r"useradd .*--uid (\d+)", (PROJECT / "infra" / "Dockerfile").read_text())
    assert made is not None
    assert context["runAsUser"] == int(made[1])
    for container in (*spec["containers"], *spec.get("initContainers", [])):
        assert container["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }
        assert container["resources"].keys() == {"requests", "limits"}
        assert [mount["mountPath"] for mount in container["volumeMounts"]] == ["/tmp"]
    assert [volume.keys() for volume in spec["volumes"]] == [{"name", "emptyDir"}]


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_is_asked_where_and_what_it_answers(name: str) -> None:
    (container,) = of("Deployment")[name]["spec"]["template"]["spec"]["containers"]
    assert container["args"] == ["serve", name]
    port = Settings.model_fields[f"{name}_port"].default
    assert container["ports"] == [{"name": "http", "containerPort": port}]
    assert of("Service")[name]["spec"]["ports"] == [{"name": "http", "port": port, "targetPort": "http"}]
    answered = {route.path for route in APPS[name](Settings(data=Path("/nowhere"))).routes}
    asked = [container[probe]["httpGet"] for probe in ("startupProbe", "livenessProbe", "readinessProbe")]
    # /readyz says no while Redis is away, at every Pod at once: publishers and readers would be sent to none of them.
    assert {one["path"] for one in asked} == {"/livez"}
    assert {one["path"] for one in asked} <= answered
    assert {one["port"] for one in asked} == {"http"}


@pytest.mark.parametrize("name", SERVICES)
def test_a_start_may_take_as_long_as_under_up(name: str) -> None:
    """A history that is folded anew takes minutes: who is ended before the end begins again, and never gets there."""
    (container,) = of("Deployment")[name]["spec"]["template"]["spec"]["containers"]
    probe = container["startupProbe"]
    assert probe["periodSeconds"] * probe["failureThreshold"] == READY_S_MAX[name]


def test_every_variable_is_a_setting() -> None:
    known = {f"DOORSTROOM_{name.upper()}" for name in Settings.model_fields}
    used = set(re.findall(r"DOORSTROOM_[A-Z_]+", "".join(file.read_text() for file in FOLDER.rglob("*.yaml"))))
    assert len(used) >= 10
    assert used <= known
    plain = of("ConfigMap")["doorstroom-settings"]["data"]
    Settings(**{name.removeprefix("DOORSTROOM_").lower(): value for name, value in plain.items()})


def test_every_secret_is_by_reference_and_the_page_says_how_to_make_it() -> None:
    assert of("Secret") == {}
    page = (PROJECT / "docs" / "running.md").read_text()
    for workload in PODS.values():
        spec = workload["spec"]["template"]["spec"]
        for container in (*spec["containers"], *spec.get("initContainers", [])):
            # Who answers requests never has the password of the role that owns the tables.
            allowed = {"doorstroom"} if container["name"] in SERVICES else {"doorstroom", "doorstroom-owner"}
            for variable in container["env"]:
                reference = variable["valueFrom"]["secretKeyRef"]
                assert reference["name"] in allowed
                assert f"--from-file={reference['key']}" in page
    plain = of("ConfigMap")["doorstroom-settings"]["data"]
    assert [name for name in plain if re.search("TOKEN|SECRET|PASSWORD|DATABASE|REDIS", name)] == []


@pytest.mark.parametrize("name", SERVICES)
def test_a_database_is_at_its_version_before_its_service_starts(name: str) -> None:
    (first,) = of("Deployment")[name]["spec"]["template"]["spec"]["initContainers"]
    assert first["args"] == ["migrate", name]


def test_a_pod_that_ends_has_the_time_to_drain() -> None:
    needed = serving.SHUTDOWN_SECONDS_MAX + service.FLUSH_SECONDS_MAX
    for workload in of("Deployment").values():
        spec = workload["spec"]["template"]["spec"]
        (container,) = spec["containers"]
        waits = re.search(r"sleep\((\d+)\)", container["lifecycle"]["preStop"]["exec"]["command"][-1])
        assert waits is not None
        assert spec["terminationGracePeriodSeconds"] >= 2 * needed + int(waits[1])


def test_one_monitor_at_a_time_and_a_door_that_stays_open() -> None:
    workloads = of("Deployment")
    assert workloads["monitor"]["spec"]["replicas"] == 1
    assert workloads["monitor"]["spec"]["strategy"] == {"type": "Recreate"}
    for door in ("intake", "placement"):
        assert workloads[door]["spec"]["replicas"] >= 2
        assert workloads[door]["spec"]["strategy"]["rollingUpdate"]["maxUnavailable"] == 0
        assert of("PodDisruptionBudget")[door]["spec"]["minAvailable"] == 1


def test_several_monitors_are_more_than_the_shares_so_that_one_stands_by() -> None:
    [patch] = yaml.safe_load((FOLDER / "components/monitors/kustomization.yaml").read_text())["patches"]
    assert patch["target"]["name"] in of(patch["target"]["kind"])
    replicas, workers = yaml.safe_load(patch["patch"])
    assert replicas["path"] == "/spec/replicas"
    assert workers["value"]["name"] == "DOORSTROOM_MONITOR_WORKERS"
    database = "postgresql://monitor@postgres/monitor"
    shares = Settings(monitor_database_url=database, monitor_workers=int(workers["value"]["value"])).monitor_workers
    assert 1 < (shares or 0) < replicas["value"]


def test_every_pod_is_behind_a_policy_that_forbids_everything() -> None:
    forbidding = [one["spec"] for one in of("NetworkPolicy").values() if not {"ingress", "egress"} & one["spec"].keys()]
    for workload in PODS.values():
        assert any(
            selects(one["podSelector"], named(workload)) and set(one["policyTypes"]) == {"Ingress", "Egress"}
            for one in forbidding
        )


def test_the_feeds_are_open_on_both_ends_to_the_monitor_only() -> None:
    policies, workloads = of("NetworkPolicy"), of("Deployment")
    opened, out = policies["doorstroom-feeds-in"]["spec"], policies["doorstroom-feeds-out"]["spec"]
    assert [name for name in SERVICES if selects(opened["podSelector"], named(workloads[name]))] == [
        "intake",
        "placement",
    ]
    assert [name for name in SERVICES if selects(out["podSelector"], named(workloads[name]))] == ["monitor"]
    (rule,) = opened["ingress"]
    (caller,) = rule["from"]
    assert [name for name in SERVICES if selects(caller["podSelector"], named(workloads[name]))] == ["monitor"]
    ports = {door: Settings.model_fields[f"{door}_port"].default for door in ("intake", "placement")}
    assert [port["port"] for port in rule["ports"]] == list(ports.values())
    for way in out["egress"]:
        (door,) = [name for name in SERVICES if selects(way["to"][0]["podSelector"], named(workloads[name]))]
        assert [port["port"] for port in way["ports"]] == [ports[door]]
