package io.firefly.voip.media.freeswitch.fork;

/** What comes from the module on one socket. Told in order, one at a time, on the socket's thread. */
public interface ForkPeer {
    /** A binary message: samples of the caller, 16 bit little-endian, usually 20 ms. */
    void audio(byte[] pcm);

    /** A text message: first what we gave the module along, later its marks. */
    void text(String text);

    /** The last word. */
    void closed(int code, String reason);
}
