package io.firefly.voip.freeswitch;

/** What mod_sofia makes of the answers to its REFER: channel variables, and ends of its own. */
final class StandInReferral {
    private StandInReferral() {}

    static void answered(FreeSwitchStandIn stand, StandInDialog dialog, SipText response) {
        StandInChannel channel = dialog.channel;
        boolean challenged = response.status() == 401 || response.status() == 407;
        if (challenged && channel.variable("sip_auth_username") == null) {
            stand.calls().end(channel, "MANDATORY_IE_MISSING");
        } else if (challenged && !dialog.referAuthorized) {
            dialog.referAuthorized = true;
            stand.sip().refer(channel, dialog.referTo);
        } else {
            String status = challenged ? "904" : String.valueOf(response.status());
            channel.variables.put("sip_refer_status_code", status);
        }
    }

    static void notified(FreeSwitchStandIn stand, StandInChannel channel, SipText notify) {
        String status = SipText.find("^SIP/2.0 ([1-6][0-9]{2})", notify.body());
        if (!notify.header("event").startsWith("refer") || status.isEmpty()) return;
        if (status.startsWith("1")) {
            channel.variables.put("sip_refer_target_provisional_status_code", status);
        } else {
            channel.variables.put("sip_refer_target_status_code", status);
            channel.variables.put("sip_refer_reply", notify.body());
        }
        if (notify.header("subscription-state").startsWith("terminated"))
            stand.sip().drop(channel);
        if (status.equals("200") && !"true".equals(channel.variable("sip_refer_continue_after_reply")))
            stand.calls().end(channel, "BLIND_TRANSFER");
    }
}
