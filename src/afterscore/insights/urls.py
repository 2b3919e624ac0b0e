from __future__ import annotations

from django.urls import path

from afterscore.insights import views

desk = [path("", views.show_pulse, name="pulse")]
