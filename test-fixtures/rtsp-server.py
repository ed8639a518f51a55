"""A camera for the tests: plays one Matroska file as RTSP on 127.0.0.1, over and over, time going on.

Its settings are one line of JSON on stdin (a password has no place among the arguments); it prints its port
as JSON and ends when stdin ends, so that it never outlives the tests.
"""
import json
import sys
import time

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtsp", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import Gio, GLib, Gst, GstRtsp, GstRtspServer  # noqa: E402

PARSERS = {"h264": ("h264parse", "rtph264pay"), "h265": ("h265parse", "rtph265pay")}
PROTOCOLS = {"tcp": GstRtsp.RTSPLowerTrans.TCP, "udp": GstRtsp.RTSPLowerTrans.UDP}
METHODS = {"basic": GstRtsp.RTSPAuthMethod.BASIC, "digest": GstRtsp.RTSPAuthMethod.DIGEST}
AHEAD_BYTES = 100_000


def read_clip(path, parser, codec):
    """Every picture of the file: (bytes, offset in ns, is a key frame), the caps and the length in ns."""
    caps = f"video/x-{codec},stream-format=byte-stream,alignment=au"
    pipeline = Gst.parse_launch(f"filesrc name=file ! matroskademux ! {parser} config-interval=-1 ! {caps} ! appsink name=out sync=false")
    pipeline.get_by_name("file").set_property("location", path)
    pipeline.set_state(Gst.State.PLAYING)
    sink = pipeline.get_by_name("out")
    pictures, last_caps = [], None
    while (sample := sink.emit("pull-sample")) is not None:
        buffer = sample.get_buffer()
        key = not buffer.has_flags(Gst.BufferFlags.DELTA_UNIT)
        pictures.append((buffer.extract_dup(0, buffer.get_size()), buffer.pts, key))
        last_caps = sample.get_caps()
    pipeline.set_state(Gst.State.NULL)
    if len(pictures) < 2 or not pictures[0][2]:
        sys.exit(f"rtsp-server.py: {path} holds no {codec} clip that begins with a key frame")
    first = min(pts for _, pts, _ in pictures)
    last = max(pts for _, pts, _ in pictures)
    span = last - first
    pictures = [(data, pts - first, key) for data, pts, key in pictures]
    return pictures, last_caps, span + span // (len(pictures) - 1)


class Player:
    """Feeds one viewer, from the picture that a camera running since `born` would show by now."""

    def __init__(self, source, clip, born):
        self.pictures, caps, self.length = clip
        elapsed = time.monotonic_ns() - born
        due = elapsed % self.length
        # Whoever comes in late begins with a key frame, as with a camera.
        self.next = max(i for i, (_, offset, key) in enumerate(self.pictures) if key and (offset <= due or i == 0))
        self.start = self.pictures[self.next][1]
        self.rounds = 0
        source.set_property("caps", caps)
        source.connect("need-data", self.feed)

    def feed(self, source, _wanted):
        data, offset, key = self.pictures[self.next]
        while self.rounds == 0 and offset < self.start:
            # Shown before the key frame that this viewer began with, and needs the one before it.
            data, offset, key = self.advance()
        buffer = Gst.Buffer.new_wrapped(data)
        buffer.pts = self.rounds * self.length + offset - self.start
        if not key:
            buffer.set_flags(Gst.BufferFlags.DELTA_UNIT)
        self.advance()
        source.emit("push-buffer", buffer)

    def advance(self):
        self.next += 1
        if self.next == len(self.pictures):
            self.next, self.rounds = 0, self.rounds + 1
        return self.pictures[self.next]


def guard(server, factory, auth, tls):
    """Only who has signed in may look; with `tls`, over TLS only."""
    guardian = GstRtspServer.RTSPAuth()
    permissions = GstRtspServer.RTSPPermissions()
    token = GstRtspServer.RTSPToken()
    token.set_string("media.factory.role", "viewer")
    for right in ("media.factory.access", "media.factory.construct"):
        permissions.add_permission_for_role("viewer", right, True)
    factory.set_permissions(permissions)
    if auth is None:
        guardian.set_default_token(token)
    else:
        user, password = auth["user"], auth["password"]
        guardian.set_supported_methods(METHODS[auth["scheme"]])
        if auth["scheme"] == "digest":
            guardian.add_digest(user, password, token)
        else:
            guardian.add_basic(GstRtspServer.RTSPAuth.make_basic(user, password), token)
    if tls is not None:
        guardian.set_tls_certificate(Gio.TlsCertificate.new_from_file(tls))
    server.set_auth(guardian)


def main():
    settings = json.loads(sys.stdin.readline())
    Gst.init(None)
    codec, auth, tls = settings["codec"], settings.get("auth"), settings.get("certificate")
    parser, payloader = PARSERS[codec]
    clip = read_clip(settings["file"], parser, codec)
    born = time.monotonic_ns()

    server = GstRtspServer.RTSPServer()
    server.set_address("127.0.0.1")
    server.set_service("0")
    factory = GstRtspServer.RTSPMediaFactory()
    factory.set_launch(
        f"( appsrc name=source format=time max-bytes={AHEAD_BYTES} ! {parser} ! {payloader} name=pay0 config-interval=-1 )"
    )
    protocols = GstRtsp.RTSPLowerTrans(0)
    for transport in settings["transports"]:
        protocols |= PROTOCOLS[transport]
    factory.set_protocols(protocols)

    def on_media(_factory, media):
        source = media.get_element().get_by_name("source")
        Player(source, clip, born)

    factory.connect("media-configure", on_media)
    if auth is not None or tls is not None:
        guard(server, factory, auth, tls)
    server.get_mount_points().add_factory("/camera", factory)
    server.attach(None)

    loop = GLib.MainLoop()
    GLib.io_add_watch(sys.stdin.fileno(), GLib.PRIORITY_DEFAULT, GLib.IOCondition.HUP, lambda *_: loop.quit())
    # Sessions of viewers that went without a word.
    GLib.timeout_add_seconds(5, lambda: server.get_session_pool().cleanup() >= 0)
    print(json.dumps({"port": server.get_bound_port()}), flush=True)
    loop.run()


main()
