"""Settings of the pages and the server. Environment variables begin with ``WATCH_``."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from pydantic import AliasChoices, BaseModel, Field, SecretStr, field_validator, model_validator
from pydantic_settings import SettingsConfigDict

from dashboard.i18n import LANGUAGES
from dashboard.mail_server import MailServer, mail_server
from geo.errors import WatchError
from geo.model.notification import email_address
from geo.settings import StoreSettings

__all__ = ["DashboardSettings", "TileHost"]

KEY_LENGTH = 32
"""Shortest key, in characters, that signs anything."""


class TileHost(BaseModel):
    """A base map of another host, drawn under our own boundaries where there is a network.

    Attributes
    ----------
    code
        Word for it in the page's address: small letters and digits.
    name_th, name_en
        Its name in the list of base maps.
    url
        Address of a Web Mercator tile with ``{z}``, ``{x}`` and ``{y}``.
    attribution, attribution_url
        Whom to thank, as plain text, and where that is explained.
    max_zoom
        The deepest zoom it has; deeper ones show it enlarged.
    """

    code: str = Field(pattern=r"^[a-z0-9]{1,20}$")
    name_th: str
    name_en: str
    url: str
    attribution: str
    attribution_url: str = ""
    max_zoom: int = Field(default=19, ge=1, le=24)

    @field_validator("code")
    @classmethod
    def _is_free(cls, code: str) -> str:
        if code in {"own", "offline"}:
            raise ValueError("own and offline name the base maps that need no host")
        return code

    @field_validator("url")
    @classmethod
    def _is_template(cls, url: str) -> str:
        is_web = urlsplit(url).scheme in {"http", "https"}
        if not is_web or not all(part in url for part in ("{z}", "{x}", "{y}")):
            raise ValueError("a tile address begins with https:// and has {z}, {x} and {y}")
        return url

    @property
    def origin(self) -> str:
        """Scheme and host as a Content-Security-Policy names them."""
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc.replace('{s}', '*')}"


OSM = TileHost(
    code="osm",
    name_th="แผนที่ OpenStreetMap",
    name_en="OpenStreetMap",
    url="https://tile.openstreetmap.org/{z}/{x}/{y}.png",
    attribution="© OpenStreetMap contributors",
    attribution_url="https://www.openstreetmap.org/copyright",
)
IMAGERY = TileHost(
    code="imagery",
    name_th="ภาพถ่ายดาวเทียม",
    name_en="Satellite imagery",
    url="https://tiles.maps.eox.at/wmts/1.0.0/s2cloudless_3857/default/g/{z}/{y}/{x}.jpg",
    attribution="Sentinel-2 cloudless by EOX (contains modified Copernicus Sentinel data 2016 & 2017)",
    attribution_url="https://s2maps.eu",
    max_zoom=15,
)


class DashboardSettings(StoreSettings):
    """How the pages are served. The store's own settings (`geo.settings.StoreSettings`) belong to it too.

    Attributes
    ----------
    host
        Address to listen on. Only this machine unless said otherwise.
    port
        Port to listen on; the variable ``PORT`` counts where ``WATCH_PORT`` is not set.
    allowed_hosts
        Names under which people may open the pages, as a JSON list; any other is refused (DNS rebinding).
    language
        Language of a first visit: ``th`` or ``en``.
    secret_key
        Signs tokens, 32 characters or more. Empty: made once and kept in ``<var_dir>/secret.key``. Processes
        that serve the same pages need the same key.
    token_minutes
        How long an open map may fetch tiles before it must renew its token.
    start_overdue_minutes
        How long after its planned start a patrol that has not started is called overdue.
    online_basemaps
        Whether base maps of other hosts may be chosen.
    tile_hosts
        Those base maps, as a JSON list of `TileHost`.
    pmtiles_file
        Base map for work without a network. Empty: ``<var_dir>/basemap.pmtiles``; used where the file exists.
    reports_per_hour
        Reports that may come by the public form from one network address; a village may share one.
    reports_per_second
        Reports from everywhere beyond which a telephone does a small sum before it sends.
    demo_incidents
        Synthetic incidents that the first start puts into an empty database.
    public_url
        Address under which people open the pages where a proxy with TLS stands before them, ``https://…``. Cookies
        are then marked secure, and forms are taken from that origin.
    trusted_proxies
        Addresses of proxies whose ``X-Forwarded-For`` is believed, as a JSON list; of any other it is ignored.
    sign_in_idle_hours
        After so long without a sign of life a session is over.
    sign_in_days
        After so long it is over in any case.
    oidc_issuer
        Issuer of an OpenID Connect provider whose accounts may sign in. Empty: none.
    oidc_client_id
        What that provider calls this installation.
    oidc_client_secret
        The secret that it gave.
    oidc_name
        Name of the provider on the sign-in page.
    api_calls_per_minute
        Calls that one partner's key may make within a minute, in each process.
    smtp_url
        The mail server by which people are told, ``starttls://user:password@host:587``, ``smtps://…:465`` or, within
        one's own network and without a password, ``smtp://host:25``. Empty: no e-mail is sent.
    mail_from
        Sender of those messages.
    digest_hour
        Hour of the day, in Thailand, at which daily digests are sent.
    private_webhooks
        Whether people may name webhooks within one's own network; the server then asks what they name.
    """

    model_config = SettingsConfigDict(env_prefix="WATCH_", extra="ignore", populate_by_name=True)

    host: str = "127.0.0.1"
    port: int = Field(8501, ge=1, le=65535, validation_alias=AliasChoices("WATCH_PORT", "PORT"))
    allowed_hosts: tuple[str, ...] = ("localhost", "127.0.0.1", "::1")
    language: str = "th"
    secret_key: SecretStr = SecretStr("")
    token_minutes: float = Field(15, gt=0, le=24 * 60)
    start_overdue_minutes: int = Field(30, ge=1, le=24 * 60)
    online_basemaps: bool = True
    tile_hosts: tuple[TileHost, ...] = (OSM, IMAGERY)
    pmtiles_file: Path | None = None
    reports_per_hour: int = Field(120, ge=1)
    reports_per_second: float = Field(20, gt=0)
    demo_incidents: int = Field(20_000, ge=0, le=10_000_000)
    public_url: str = ""
    trusted_proxies: tuple[str, ...] = ()
    sign_in_idle_hours: float = Field(12, gt=0, le=24 * 30)
    sign_in_days: float = Field(14, gt=0, le=90)
    oidc_issuer: str = ""
    oidc_client_id: str = ""
    oidc_client_secret: SecretStr = SecretStr("")
    oidc_name: str = "OpenID Connect"
    api_calls_per_minute: int = Field(120, ge=1, le=1_000_000)
    smtp_url: SecretStr = SecretStr("")
    mail_from: str = ""
    digest_hour: int = Field(7, ge=0, le=23)
    private_webhooks: bool = False

    @field_validator("language")
    @classmethod
    def _is_spoken(cls, language: str) -> str:
        if language not in LANGUAGES:
            raise ValueError(f"one of {', '.join(LANGUAGES)}")
        return language

    @field_validator("secret_key")
    @classmethod
    def _is_long(cls, key: SecretStr) -> SecretStr:
        if 0 < len(key.get_secret_value()) < KEY_LENGTH:
            raise ValueError(f"{KEY_LENGTH} characters or more, or empty")
        return key

    @field_validator("public_url", "oidc_issuer")
    @classmethod
    def _is_address(cls, url: str) -> str:
        parts = urlsplit(url)
        if url and (parts.scheme not in {"http", "https"} or not parts.netloc or parts.query or parts.fragment):
            raise ValueError("an address that begins with https://, without a question mark")
        return url

    @field_validator("smtp_url")
    @classmethod
    def _is_mail_server(cls, url: SecretStr) -> SecretStr:
        if given := url.get_secret_value():
            mail_server(given)
        return url

    @field_validator("mail_from")
    @classmethod
    def _is_sender(cls, said: str) -> str:
        try:
            return email_address(said) or ""
        except WatchError:
            raise ValueError("an e-mail address without a name, such as watch@example.go.th") from None

    @model_validator(mode="after")
    def _mail_is_whole(self) -> Self:
        if self.smtp_url.get_secret_value() and not self.mail_from:
            raise ValueError("WATCH_SMTP_URL needs WATCH_MAIL_FROM")
        return self

    @model_validator(mode="after")
    def _provider_is_whole(self) -> Self:
        if self.oidc_issuer and not self.oidc_client_id:
            raise ValueError("WATCH_OIDC_ISSUER needs WATCH_OIDC_CLIENT_ID")
        return self

    @model_validator(mode="after")
    def _hosts_differ(self) -> Self:
        codes = [host.code for host in self.tile_hosts]
        if len(set(codes)) < len(codes):
            raise ValueError("two tile hosts have the same code")
        return self

    def mail_server(self) -> MailServer | None:
        """The mail server, where there is one."""
        url = self.smtp_url.get_secret_value()
        return mail_server(url) if url else None

    def basemap_file(self) -> Path | None:
        """The offline base map, where there is one."""
        file = self.pmtiles_file or self.var_dir / "basemap.pmtiles"
        return file if file.is_file() else None

    def online_hosts(self) -> tuple[TileHost, ...]:
        """The base maps of other hosts that may be chosen."""
        return self.tile_hosts if self.online_basemaps else ()

    def signing_key(self) -> str:
        """The key that signs tokens: ``secret_key``, else the kept one, made at first use with mode 0600."""
        if given := self.secret_key.get_secret_value():
            return given
        file = self.var_dir / "secret.key"
        if not file.exists():
            self.var_dir.mkdir(parents=True, exist_ok=True)
            fresh = self.var_dir / f"secret.key.{secrets.token_hex(8)}"
            with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
                out.write(secrets.token_urlsafe(48))
            try:
                os.link(fresh, file)  # unlike a rename it leaves the key of a process that was faster
            except FileExistsError:
                pass
            finally:
                fresh.unlink()
        key = file.read_text().strip()
        if len(key) < KEY_LENGTH:
            raise ValueError(f"{file.name} is damaged: delete it, a new one is made at the next start")
        return key
