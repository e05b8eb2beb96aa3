package io.firefly.voip.agent.openai;

import io.firefly.voip.agent.Bench;
import java.util.Base64;

/** What a provider says, in the words of its protocol. */
abstract class ProviderWords extends Bench {
    abstract void server(String event, Object... values);

    /** @param eventId our id that the metadata return; empty when the provider made it by itself */
    void responds(String responseId, String eventId) {
        String metadata = eventId.isEmpty() ? "null" : "{'event_id':'" + eventId + "'}";
        server(
                "{'type':'response.created','response':{'id':'%s','status':'in_progress','metadata':" + metadata + "}}",
                responseId);
    }

    void says(String responseId, String itemId, int millis) {
        server(
                "{'type':'conversation.item.added','item':{'id':'%s','type':'message','role':'assistant','content':[]}}",
                itemId);
        delta(responseId, itemId, millis);
    }

    void delta(String responseId, String itemId, int millis) {
        server(
                "{'type':'response.output_audio.delta','event_id':'e','response_id':'%s','item_id':'%s',"
                        + "'output_index':0,'content_index':0,'delta':'%s'}",
                responseId, itemId, Base64.getEncoder().encodeToString(new byte[millis * 8]));
    }

    void transcript(String responseId, String itemId, String text) {
        server(
                "{'type':'response.output_audio_transcript.done','response_id':'%s','item_id':'%s',"
                        + "'output_index':0,'content_index':0,'transcript':'%s'}",
                responseId, itemId, text);
    }

    void finishes(String responseId, String itemId, String text, String status) {
        server("{'type':'response.output_audio.done','response_id':'%s','item_id':'%s'}", responseId, itemId);
        transcript(responseId, itemId, text);
        done(responseId, status);
    }

    void done(String responseId, String status) {
        server(
                "{'type':'response.done','response':{'id':'%s','status':'%s','output':[],"
                        + "'usage':{'input_tokens':10,'output_tokens':20,'input_token_details':{'audio_tokens':3},"
                        + "'output_token_details':{'audio_tokens':4}}}}",
                responseId, status);
    }

    void fails(String responseId, String code) {
        server(
                "{'type':'response.done','response':{'id':'%s','status':'failed','output':[],"
                        + "'status_details':{'type':'failed','error':{'type':'x','code':'%s'}}}}",
                responseId, code);
    }

    /** The model, a few words of which are told before their sound. */
    void saysWords(String responseId, String itemId, String words) {
        server(
                "{'type':'response.output_audio_transcript.delta','response_id':'%s','item_id':'%s',"
                        + "'output_index':0,'content_index':0,'delta':'%s'}",
                responseId, itemId, words);
    }

    void callsTool(String responseId, String callId, String name, String arguments) {
        server(
                "{'type':'response.output_item.done','response_id':'%s','output_index':1,'item':{'id':'fc_" + callId
                        + "','type':'function_call','status':'completed','call_id':'%s','name':'%s','arguments':'%s'}}",
                responseId,
                callId,
                name,
                arguments.replace("\"", "\\\""));
    }

    void speechStarted(String itemId) {
        server("{'type':'input_audio_buffer.speech_started','audio_start_ms':100,'item_id':'%s'}", itemId);
    }

    void speechStopped(String itemId, String previousItemId) {
        server("{'type':'input_audio_buffer.speech_stopped','audio_end_ms':900,'item_id':'%s'}", itemId);
        server(
                "{'type':'input_audio_buffer.committed','previous_item_id':'%s','item_id':'%s'}",
                previousItemId, itemId);
    }

    void callerTranscript(String itemId, String text) {
        server(
                "{'type':'conversation.item.input_audio_transcription.completed','item_id':'%s',"
                        + "'content_index':0,'transcript':'%s','usage':{'type':'duration','seconds':1}}",
                itemId, text);
    }

    void error(String code, String eventId, String message) {
        server(
                "{'type':'error','error':{'type':'invalid_request_error','code':'%s','event_id':'%s','message':'%s'}}",
                code, eventId, message);
    }
}
