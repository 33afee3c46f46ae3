"""Figures for Prometheus."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4

from diorama.server.observe.meter import Meter
from diorama.server.security.decisions import READ

router = APIRouter(tags=["server"], dependencies=[READ])


@router.get(
    "/metrics",
    summary="Figures for Prometheus",
    operation_id="get_metrics",
    response_class=Response,
    responses={200: {"content": {"text/plain": {"schema": {"type": "string"}}}}},
)
def get_metrics(request: Request) -> Response:
    """Runs, calls, the queue, devices, requests, in the text format of Prometheus."""
    meter: Meter = request.app.state.meter
    return Response(meter.text(), media_type=CONTENT_TYPE_PLAIN_0_0_4)
