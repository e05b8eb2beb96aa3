#!/bin/sh
# Starts FreeSWITCH with the configuration beside this file. Every setting is an environment variable; the table is in
# README.md, the defaults are here. Arguments are handed to FreeSWITCH.
set -eu
umask 077

die() { echo "freeswitch/entrypoint.sh: $*" >&2; exit 64; }
here=$(cd "$(dirname "$0")" && pwd)

# --- settings --------------------------------------------------------------------------------------------------------
: "${ESL_PASSWORD:=}"
: "${ESL_PASSWORD_FILE:=}"
: "${ESL_IP:=127.0.0.1}"
: "${ESL_PORT:=8021}"
: "${ESL_ALLOW:=127.0.0.1/32}"
: "${SIP_PROFILE:=firefly}"
: "${SIP_IP:=}"
: "${SIP_PORT:=5080}"
: "${SIP_ALLOW:=127.0.0.1/32}"
: "${SIP_TRACE:=no}"
: "${EXT_SIP_IP:=}"
: "${RTP_IP:=}"
: "${EXT_RTP_IP:=}"
: "${RTP_START_PORT:=10000}"
: "${RTP_END_PORT:=16382}"
: "${TRUNK_PORT:=}"
: "${TRUNK_ALLOW:=127.0.0.1/32}"
: "${FIREFLY_SOCKET:=127.0.0.1:8084}"
: "${CODECS:=PCMA,PCMU,G722,OPUS,L16,L16@16000h@20i,L16@24000h@20i}"
: "${CODEC_NEGOTIATION:=generous}"
: "${DTMF_TYPE:=rfc2833}"
: "${SRTP:=optional}"
: "${JITTER_BUFFER_MS:=}"
: "${MEDIA_TIMEOUT_MS:=60000}"
: "${PARK_TIMEOUT_SECONDS:=60}"
: "${MAX_CALL_SECONDS:=14400}"
: "${MAX_SESSIONS:=1000}"
: "${SESSIONS_PER_SECOND:=100}"
: "${HEARTBEAT_SECONDS:=5}"
: "${LOG_LEVEL:=notice}"
: "${FS_MODULES:=mod_spandsp mod_opus mod_audio_fork mod_timerfd}"
: "${FS_MODULE_DIR:=}"
: "${FS_BINARY:=freeswitch}"
: "${FS_DATA:=/var/lib/freeswitch/firefly}"

# --- checks: a mistake is told here, in one sentence, and nothing is started ----------------------------------------------
number() { # name value lowest highest
    case $2 in '' | *[!0-9]*) die "$1 is '$2', it must be a whole number" ;; esac
    if [ "$2" -lt "$3" ] || [ "$2" -gt "$4" ]; then die "$1 is $2, it must be $3 to $4"; fi
}
one_of() { # name value allowed...
    name=$1 value=$2
    shift 2
    for allowed in "$@"; do [ "$value" = "$allowed" ] && return; done
    die "$name is '$value', it must be one of: $*"
}
plain() { # name value: nothing that means something in XML or to FreeSWITCH
    case $2 in *[!A-Za-z0-9.,:@/_\ \[\]-]*) die "$1 is '$2', it has a character that cannot be in it" ;; esac
}
networks() { # name value
    for network in $(echo "$2" | tr ',' ' '); do
        case $network in *[!0-9A-Fa-f.:/]*) die "$1 has '$network', it must be addresses or networks (10.0.0.0/8)" ;; esac
    done
}
number ESL_PORT "$ESL_PORT" 1 65535
number SIP_PORT "$SIP_PORT" 1 65535
number RTP_START_PORT "$RTP_START_PORT" 1024 65534
number RTP_END_PORT "$RTP_END_PORT" "$((RTP_START_PORT + 4))" 65535
[ -z "$TRUNK_PORT" ] || number TRUNK_PORT "$TRUNK_PORT" 1 65535
number MEDIA_TIMEOUT_MS "$MEDIA_TIMEOUT_MS" 1000 86400000
number PARK_TIMEOUT_SECONDS "$PARK_TIMEOUT_SECONDS" 1 86400
number MAX_CALL_SECONDS "$MAX_CALL_SECONDS" 1 604800
number MAX_SESSIONS "$MAX_SESSIONS" 1 100000
number SESSIONS_PER_SECOND "$SESSIONS_PER_SECOND" 1 10000
number HEARTBEAT_SECONDS "$HEARTBEAT_SECONDS" 1 300
one_of SIP_TRACE "$SIP_TRACE" yes no
one_of CODEC_NEGOTIATION "$CODEC_NEGOTIATION" generous greedy scrooge
one_of DTMF_TYPE "$DTMF_TYPE" rfc2833 info none
one_of SRTP "$SRTP" optional mandatory forbidden
one_of LOG_LEVEL "$LOG_LEVEL" debug info notice warning err crit alert
networks ESL_ALLOW "$ESL_ALLOW"
networks SIP_ALLOW "$SIP_ALLOW"
networks TRUNK_ALLOW "$TRUNK_ALLOW"
plain SIP_PROFILE "$SIP_PROFILE"
plain ESL_IP "$ESL_IP"
plain SIP_IP "$SIP_IP"
plain EXT_SIP_IP "$EXT_SIP_IP"
plain RTP_IP "$RTP_IP"
plain EXT_RTP_IP "$EXT_RTP_IP"
plain FIREFLY_SOCKET "$FIREFLY_SOCKET"
plain CODECS "$CODECS"
plain JITTER_BUFFER_MS "$JITTER_BUFFER_MS"
plain FS_MODULES "$FS_MODULES"

if [ -n "$ESL_PASSWORD_FILE" ]; then
    [ -z "$ESL_PASSWORD" ] || die "ESL_PASSWORD and ESL_PASSWORD_FILE are both set, set one"
    [ -r "$ESL_PASSWORD_FILE" ] || die "ESL_PASSWORD_FILE is $ESL_PASSWORD_FILE, which cannot be read"
    # the shell drops the newline at the end
    ESL_PASSWORD=$(cat "$ESL_PASSWORD_FILE")
fi
[ -n "$ESL_PASSWORD" ] || die "set ESL_PASSWORD, or ESL_PASSWORD_FILE: who knows it commands this FreeSWITCH"
[ "$ESL_PASSWORD" != ClueCon ] || die "ESL_PASSWORD is FreeSWITCH's well-known default, set another"
# FreeSWITCH puts the text into its XML as it is, and would take $$ for a variable and % for an escape
case $ESL_PASSWORD in *[!A-Za-z0-9._~+/=@:,-]*)
    die "ESL_PASSWORD has a character beside letters, digits and . _ ~ + / = @ : , -" ;;
esac

# --- what depends on this machine ------------------------------------------------------------------------------------------
command -v "$FS_BINARY" >/dev/null 2>&1 || die "FS_BINARY is $FS_BINARY, which is not there"
binary=$(command -v "$FS_BINARY")
if [ -z "$FS_MODULE_DIR" ]; then
    for dir in "$(dirname "$(readlink -f "$binary")")/../mod" /usr/lib/freeswitch/mod /usr/local/freeswitch/mod \
        /usr/local/lib/freeswitch/mod; do
        if [ -e "$dir/mod_sofia.so" ]; then
            FS_MODULE_DIR=$dir
            break
        fi
    done
fi
[ -e "$FS_MODULE_DIR/mod_sofia.so" ] || die "no mod_sofia.so in FS_MODULE_DIR ('$FS_MODULE_DIR')"

mkdir -p "$FS_DATA" || die "FS_DATA is $FS_DATA, which cannot be made"
conf=$FS_DATA/conf
rm -rf "$conf"
cp -R "$here/conf" "$conf"
mkdir -p "$conf/generated"
for dir in log db run tmp recordings storage scripts certs; do mkdir -p "$FS_DATA/$dir"; done

nodes() { # value: prints one node per network
    for network in $(echo "$1" | tr ',' ' '); do
        case $network in
            */*) ;;
            *:*) network=$network/128 ;;
            *) network=$network/32 ;;
        esac
        echo "<node type=\"allow\" cidr=\"$network\"/>"
    done
}
generate() { # file: wraps what comes in
    { echo '<include>'; cat; echo '</include>'; } >"$conf/generated/$1.xml"
}
nodes "$ESL_ALLOW" | generate esl_allow
nodes "$SIP_ALLOW" | generate sip_allow
nodes "$TRUNK_ALLOW" | generate trunk_allow
for module in $(echo "$FS_MODULES" | tr ',' ' '); do
    if [ -e "$FS_MODULE_DIR/$module.so" ]; then
        echo "<load module=\"$module\"/>"
    else
        echo "freeswitch/entrypoint.sh: $module is not in $FS_MODULE_DIR, goes on without it" >&2
    fi
done | generate modules
{
    echo '<X-PRE-PROCESS cmd="include" data="../sip_profiles/firefly.xml"/>'
    if [ -n "$TRUNK_PORT" ]; then echo '<X-PRE-PROCESS cmd="include" data="../sip_profiles/trunk.xml"/>'; fi
} | generate profiles

# --- addresses left open are this machine's --------------------------------------------------------------------------------
# FreeSWITCH finds out local_ip_v4 by itself
: "${SIP_IP:=\$\${local_ip_v4}}"
: "${EXT_SIP_IP:=$SIP_IP}"
: "${RTP_IP:=$SIP_IP}"
: "${EXT_RTP_IP:=$RTP_IP}"
export ESL_PASSWORD ESL_IP ESL_PORT SIP_PROFILE SIP_IP SIP_PORT SIP_TRACE EXT_SIP_IP RTP_IP EXT_RTP_IP RTP_START_PORT \
    RTP_END_PORT TRUNK_PORT FIREFLY_SOCKET CODECS CODEC_NEGOTIATION DTMF_TYPE SRTP JITTER_BUFFER_MS MEDIA_TIMEOUT_MS \
    PARK_TIMEOUT_SECONDS MAX_CALL_SECONDS MAX_SESSIONS SESSIONS_PER_SECOND HEARTBEAT_SECONDS LOG_LEVEL

exec "$binary" -nf -nonat -c -conf "$conf" -log "$FS_DATA/log" -db "$FS_DATA/db" -run "$FS_DATA/run" \
    -temp "$FS_DATA/tmp" -recordings "$FS_DATA/recordings" -storage "$FS_DATA/storage" -scripts "$FS_DATA/scripts" \
    -certs "$FS_DATA/certs" -mod "$FS_MODULE_DIR" "$@" </dev/null
