package io.firefly.voip.media.sdp;

import io.firefly.voip.media.sdp.SdpReader.Read;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What an offer or an answer that we only pass on says about its sound: any codec, any transport.
 *
 * @param codec encoding name of the first codec of the line, in capitals: {@code PCMA}, {@code OPUS}
 * @param direction from the view of who wrote it; the old hold ({@code c=0.0.0.0}) is one who does not receive
 */
public record RelayedAudio(String codec, Direction direction) {
    private static final Set<String> NOT_SOUND = Set.of("TELEPHONE-EVENT", "CN", "RED");
    private static final String UNNAMED = "?";

    /** Of the first audio line that is switched on; null when there is none, or the text cannot be read. */
    public static @Nullable RelayedAudio of(String sdp) {
        if (!(SdpReader.read(sdp) instanceof Read read)) return null;
        SessionDescription description = read.description();
        for (MediaDescription line : description.media()) {
            if (!line.media().equals("audio") || line.port() == 0) continue;
            Direction said = description.directionOf(line);
            boolean nowhere = "0.0.0.0".equals(description.connectionOf(line));
            return new RelayedAudio(codecOf(line), nowhere ? said.withoutReceiving() : said);
        }
        return null;
    }

    private static String codecOf(MediaDescription line) {
        for (String format : line.formats()) {
            String name = encodingOf(line, format);
            if (!NOT_SOUND.contains(name)) return name;
        }
        return UNNAMED;
    }

    /** Whether one of these encoding names, in capitals, is offered for sound in an audio line that is switched on. */
    public static boolean offersOneOf(Set<String> codecs, String sdp) {
        if (!(SdpReader.read(sdp) instanceof Read read)) return false;
        return read.description().media().stream()
                .filter(line -> line.media().equals("audio") && line.port() != 0)
                .flatMap(line -> line.formats().stream().map(format -> encodingOf(line, format)))
                .anyMatch(codecs::contains);
    }

    /** {@link RtpMap} knows no channels, and {@code opus/48000/2} has some. */
    private static String encodingOf(MediaDescription line, String format) {
        for (SdpAttribute attribute : line.attributes()) {
            String value = attribute.is("rtpmap") ? attribute.value() : null;
            if (value == null || !value.startsWith(format + " ")) continue;
            String name = value.substring(format.length()).strip();
            int slash = name.indexOf('/');
            return (slash < 0 ? name : name.substring(0, slash)).toUpperCase(Locale.ROOT);
        }
        Integer payloadType = SdpReader.number(format, 127);
        RtpMap known = payloadType == null ? null : RtpMap.ofStatic(payloadType);
        return known == null ? UNNAMED : known.encoding();
    }

    /** Whether two descriptions of one side differ in nothing but their version number ({@code o=}). */
    public static boolean sayTheSame(String one, String other) {
        return withoutOrigin(one).equals(withoutOrigin(other));
    }

    private static List<String> withoutOrigin(String sdp) {
        return sdp.lines()
                .filter(line -> !line.isBlank() && !line.startsWith("o="))
                .toList();
    }

    /** The same description for sound in both directions: an offer by which a hold may end. */
    public static String inBothDirections(String sdp) {
        return sdp.lines()
                .map(line -> line.startsWith("a=") && Direction.named(line.substring(2)) != null ? "a=sendrecv" : line)
                .collect(Collectors.joining("\r\n", "", "\r\n"));
    }

    /**
     * One G.711 law and the keys of our own offer, so that the other side has no choice; the whole offer when it does not
     * have that codec.
     *
     * @param codec {@code PCMA} or {@code PCMU}
     */
    public static String only(String codec, String ourOffer) {
        String unwanted = codec.equals("PCMA") ? "0" : "8";
        String wanted = codec.equals("PCMA") ? "8" : codec.equals("PCMU") ? "0" : "";
        List<String> lines = new ArrayList<>();
        for (String line : ourOffer.lines().toList()) {
            if (line.startsWith("m=audio ")) {
                List<String> words = new ArrayList<>(List.of(line.split(" ", -1)));
                if (!words.subList(3, words.size()).contains(wanted)) return ourOffer;
                List<String> formats = words.subList(3, words.size());
                formats.remove(unwanted);
                lines.add(String.join(" ", words));
            } else if (!line.startsWith("a=rtpmap:" + unwanted + " ")) lines.add(line);
        }
        return String.join("\r\n", lines) + "\r\n";
    }

    /**
     * The media lines of an offer that has more than one way of the same sound: FreeSWITCH that is asked for an offer
     * makes one of SRTP and one of RTP. The caller is shown the one of RTP; towards the other side the hidden ones stay,
     * switched off (RFC 3264 6).
     *
     * @param hidden {@code m=} lines that the caller does not see, at their place; empty where the caller's stands
     */
    public record Shown(List<String> hidden) {
        public static final Shown ALL = new Shown(List.of());

        public Shown {
            hidden = List.copyOf(hidden);
        }

        /** What the caller shall see of that offer. */
        public static Shown of(String offer) {
            List<String> sections = sections(offer);
            int plain = -1;
            for (int i = sections.size() - 1; i > 0; i--) if (isPlainAudio(sections.get(i))) plain = i;
            if (plain < 0 || sections.size() == 2) return ALL;
            List<String> hidden = new ArrayList<>();
            for (int i = 1; i < sections.size(); i++) hidden.add(i == plain ? "" : switchedOff(sections.get(i)));
            return new Shown(hidden);
        }

        /** Of the other side's description, for the caller. */
        public String toCaller(String sdp) {
            List<String> sections = sections(sdp);
            if (hidden.isEmpty() || sections.size() != hidden.size() + 1) return sdp;
            StringBuilder text = new StringBuilder(sections.get(0));
            for (int i = 0; i < hidden.size(); i++) if (hidden.get(i).isEmpty()) text.append(sections.get(i + 1));
            return text.toString();
        }

        /** Of the caller's description, for the other side. */
        public String fromCaller(String sdp) {
            List<String> sections = sections(sdp);
            if (hidden.isEmpty() || sections.size() != 2) return sdp;
            StringBuilder text = new StringBuilder(sections.get(0));
            for (String line : hidden) text.append(line.isEmpty() ? sections.get(1) : line);
            return text.toString();
        }

        private static boolean isPlainAudio(String section) {
            return section.matches("(?s)m=audio [1-9]\\d* RTP/AVPF? .*");
        }

        private static String switchedOff(String section) {
            String[] words = section.lines().findFirst().orElse("").split(" ", -1);
            String format = words.length > 3 ? words[3] : "0";
            return words[0] + " 0 " + (words.length > 2 ? words[2] : "RTP/AVP") + " " + format + "\r\n";
        }

        /** The session part, then one text per media line. */
        private static List<String> sections(String sdp) {
            List<String> sections = new ArrayList<>();
            StringBuilder section = new StringBuilder();
            for (String line : sdp.lines().toList()) {
                if (line.startsWith("m=")) {
                    sections.add(section.toString());
                    section.setLength(0);
                }
                if (!line.isBlank()) section.append(line).append("\r\n");
            }
            sections.add(section.toString());
            return sections;
        }
    }
}
