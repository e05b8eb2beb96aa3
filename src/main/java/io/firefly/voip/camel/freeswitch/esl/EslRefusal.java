package io.firefly.voip.camel.freeswitch.esl;

/**
 * Why there is no connection.
 *
 * @param kind what is to be done about it
 * @param text a sentence for people
 */
public record EslRefusal(Kind kind, String text) {
    /** What is to be done about it. */
    public enum Kind {
        /** Wait: it was there, or may come. */
        LOST,
        /** The machine answers, but nobody listens there. */
        NOBODY_LISTENS,
        /** The password has to be corrected. */
        WRONG_PASSWORD,
        /** FreeSWITCH has to allow our address. */
        NOT_ON_THE_LIST,
        /** Something else listens there, or it is stuck. */
        NO_EVENT_SOCKET
    }

    static EslRefusal lost(String text) {
        return new EslRefusal(Kind.LOST, text);
    }

    static EslRefusal nobodyListens(String peer) {
        return new EslRefusal(
                Kind.NOBODY_LISTENS,
                "nobody listens at " + peer + ": FreeSWITCH does not run, or listen-ip and listen-port of its"
                        + " event_socket.conf differ from firefly.freeswitch.nodes[].host and port");
    }

    static EslRefusal wrongPassword(String peer) {
        return new EslRefusal(
                Kind.WRONG_PASSWORD,
                peer + " refuses our password: set firefly.freeswitch.nodes[].password (or password-file) to the"
                        + " password of its event_socket.conf");
    }

    static EslRefusal notOnTheList(String peer) {
        return new EslRefusal(
                Kind.NOT_ON_THE_LIST,
                peer + " refuses our address: allow it by apply-inbound-acl in its event_socket.conf (without that,"
                        + " FreeSWITCH takes connections of its own machine alone)");
    }

    static EslRefusal noEventSocket(String peer, String why) {
        return new EslRefusal(Kind.NO_EVENT_SOCKET, peer + " " + why);
    }

    /** Told by an ERROR: waiting does not help. */
    boolean isForPeople() {
        return kind != Kind.LOST && kind != Kind.NOBODY_LISTENS;
    }
}
