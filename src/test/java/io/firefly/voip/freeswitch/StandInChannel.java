package io.firefly.voip.freeswitch;

import io.firefly.voip.freeswitch.StandInEvents.State;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One channel of the stand-in. On the stand-in's own thread only. */
final class StandInChannel {
    final String uuid = UUID.randomUUID().toString();
    final SipText invite;
    final StandInRtp rtp;
    final Map<String, String> variables = new LinkedHashMap<>();
    final long createdSeconds = System.currentTimeMillis() / 1_000;
    State state = State.RINGING;
    String application = "";
    String applicationData = "";

    @Nullable
    StandInChannel other;
    /** The socket of its own by which it was handed over (topology C). */
    @Nullable
    StandInLink link;

    StandInChannel(SipText invite, StandInRtp rtp) {
        this.invite = invite;
        this.rtp = rtp;
        invite.extensions().forEach((name, value) -> variables.put("sip_h_" + name, value));
        variables.put("sip_call_id", callId());
        variables.put("sip_user_agent", invite.header("user-agent"));
        variables.put("sip_to_user", invite.calledUser());
        variables.put("sip_req_user", invite.calledUser());
        variables.put("sip_from_user", invite.callerUser());
        variables.put("switch_r_sdp", invite.body());
    }

    String callId() {
        return invite.header("call-id");
    }

    String called() {
        return invite.calledUser();
    }

    @Nullable
    String variable(String name) {
        if (name.equals("rtp_audio_in_packet_count")) return String.valueOf(rtp.received());
        if (name.equals("read_codec") || name.equals("rtp_use_codec_name") || name.equals("write_codec"))
            return rtp.codec().name();
        if (name.equals("uuid")) return uuid;
        return variables.get(name);
    }

    /** What stands in the places of a recorded event. */
    Map<String, String> places(String core, long sequence) {
        Map<String, String> places = new LinkedHashMap<>();
        places.put("uuid", uuid);
        places.put("core", core);
        places.put("sequence", String.valueOf(sequence));
        places.put("call-id", callId());
        places.put("caller", invite.callerUser().isEmpty() ? "anonymous" : invite.callerUser());
        places.put("called", called());
        places.put("firefly-call", variables.getOrDefault("sip_h_X-Firefly-Call", ""));
        places.put("firefly-exchange", variables.getOrDefault("sip_h_X-Firefly-Exchange", ""));
        places.put("other-uuid", other == null ? "" : other.uuid);
        places.put("other-call-id", other == null ? "" : other.callId());
        return places;
    }
}
