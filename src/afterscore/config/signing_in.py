from __future__ import annotations

from allauth.account.forms import LoginForm
from django import forms


class SignInForm(LoginForm):  # type: ignore[misc]
    remember = forms.BooleanField(label="Stay signed in on this device", required=False)
