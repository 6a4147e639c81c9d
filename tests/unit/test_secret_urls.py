"""URLs that are secrets themselves: which are known, what is shown of them, and what is kept out of messages."""

from __future__ import annotations

import pytest

from lsops.masking import credentials_of, mask_addresses, mask_key, mask_urls
from lsops.model.address import below
from lsops.secret_urls import is_secret_url, shown, telltales

KNOWN = {
    "https://hooks.slack.com/services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX": "https://hooks.slack.com/***",
    "https://hooks.slack.com/triggers/T1/2/3": "https://hooks.slack.com/***",
    "https://contoso.webhook.office.com/webhookb2/1a2b@3c4d/IncomingWebhook/5e/6f": (
        "https://contoso.webhook.office.com/***"
    ),
    "https://outlook.office.com/webhook/1a2b@3c4d/IncomingWebhook/5e": "https://outlook.office.com/***",
    "https://prod-1.westus.logic.azure.com:443/workflows/1a/triggers/manual/paths/invoke?sig=x": (
        "https://prod-1.westus.logic.azure.com:443/***?***"
    ),
    "https://a.b.environment.api.powerplatform.com/powerautomate/x": (
        "https://a.b.environment.api.powerplatform.com/***"
    ),
    "https://discord.com/api/webhooks/123/token": "https://discord.com/***",
    "https://ptb.discordapp.com/api/webhooks/123/token": "https://ptb.discordapp.com/***",
    "https://chat.googleapis.com/v1/spaces/A/messages?key=k&token=t": "https://chat.googleapis.com/***?***",
    "https://mattermost.example.com/hooks/xxx-generatedkey-xxx": "https://mattermost.example.com/***",
    "https://example.com/chat/hooks/1/2": "https://example.com/***",
    "https://hooks.zapier.com/hooks/catch/123/abc/": "https://hooks.zapier.com/***",
    "HTTPS://Hooks.Slack.COM./services/T/B/X": "HTTPS://Hooks.Slack.COM./***",
    "https://user:word@discord.com/api/webhooks/1/t": "https://***@discord.com/***",
}
PLAIN = [
    "https://hooks.slack.com",
    "https://hooks.slack.com/",
    "https://notslack.com/services/T/B/X",
    "https://hooks.slack.com.example.com/services/T",
    "https://example.com/hooks",
    "https://example.com/hooks/",
    "https://example.com/webhooks/label-studio",
    "no URL /hooks/x",
]


@pytest.mark.parametrize(("url", "masked"), KNOWN.items())
def test_a_path_that_is_known_to_be_a_secret_is_masked_as_value_key_and_address(url: str, masked: str) -> None:
    assert is_secret_url(url)
    assert (mask_urls(url), mask_key(url)) == (masked, masked)
    for around in ("{}", 'live at "{}" now', "is {}.", "({}), and"):
        address, wanted = (around.format(below("/projects/P/webhooks", text)) for text in (url, masked))
        assert mask_addresses(address) == wanted


@pytest.mark.parametrize(("url", "masked"), KNOWN.items())
def test_the_mask_of_a_mask_is_the_same(url: str, masked: str) -> None:
    assert mask_urls(masked) == masked
    assert mask_addresses(below("/a", masked)) == below("/a", masked)


@pytest.mark.parametrize("url", PLAIN)
def test_any_other_path_is_shown(url: str) -> None:
    assert not is_secret_url(url)
    assert (mask_urls(url), mask_key(url), credentials_of(url)) == (url, url, ())


@pytest.mark.parametrize(
    ("url", "seen"),
    [
        ("https://n8n.example.com/webhook/word", "https://n8n.example.com/***"),
        (" http://localhost:8080 ", "http://localhost:8080/***"),
        ("https://[::1]:8080/a?b#c", "https://[::1]:8080/***"),
        ("https://example.com?token=t", "https://example.com/***"),
        ("https://user@example.com/a", "***"),
        ("ftp://example.com/a", "***"),
        ("word", "***"),
        ("https://exam ple.com/", "***"),
        ("", "***"),
    ],
)
def test_of_a_url_that_is_a_secret_no_more_is_shown_than_scheme_and_host(url: str, seen: str) -> None:
    assert shown(url) == seen


def test_the_parts_of_a_path_that_a_message_may_quote_are_known_and_words_are_not() -> None:
    found = telltales("https://discord.com/api/webhooks/123456789012/a%2Fb-CDEFGHIJKLM?wait=true")
    assert {"123456789012", "a%2Fb-CDEFGHIJKLM", "a/b-CDEFGHIJKLM"} < found
    assert not {"webhooks", "api", "discord.com", "wait", "true"} & found
