// OpenAI's Node client holds a spoken dialogue with the simulator by TLS, which is all it speaks: greeting, turn, tool call.
// node openai-node.cjs <https base url> <speech: 16 bit little-endian PCM of 24 kHz>; prints what it saw as JSON.
const fs = require('fs');
const { OpenAI } = require('openai');
const { OpenAIRealtimeWS } = require('openai/realtime/ws');

const [baseURL, speechFile] = process.argv.slice(2);
const words = Buffer.concat([fs.readFileSync(speechFile), Buffer.alloc(48 * 700)]);
const seen = { said: [], heard: [], tools: [], errors: [] };
const realtime = new OpenAIRealtimeWS(
  { model: 'gpt-realtime', options: { ca: fs.readFileSync(process.env.NODE_EXTRA_CA_CERTS) } },
  new OpenAI({ apiKey: 'any', baseURL }),
);
const format = { type: 'audio/pcm', rate: 24000 };
const session = {
  type: 'realtime',
  audio: { input: { format, transcription: { model: 'gpt-transcribe' }, turn_detection: { type: 'server_vad' } }, output: { format } },
  tools: [{ type: 'function', name: 'transfer', parameters: { type: 'object', properties: { target: { enum: ['sales'] } } } }],
};
const finish = () => {
  console.log(JSON.stringify(seen));
  process.exit(0);
};
const speak = () => {
  for (let at = 0; at < words.length; at += 9600) {
    realtime.send({ type: 'input_audio_buffer.append', audio: words.subarray(at, at + 9600).toString('base64') });
  }
};

setTimeout(() => { seen.errors.push('no end after 20 seconds'); finish(); }, 20_000);
realtime.on('error', error => { seen.errors.push(String(error)); finish(); });
realtime.on('session.created', () => realtime.send({ type: 'session.update', session }));
realtime.on('session.updated', () => realtime.send({ type: 'response.create' }));
realtime.on('conversation.item.input_audio_transcription.completed', event => seen.heard.push(event.transcript));
realtime.on('response.output_audio_transcript.done', event => seen.said.push(event.transcript));
realtime.on('response.function_call_arguments.done', event => {
  seen.tools.push(event.name + event.arguments);
  realtime.send({ type: 'conversation.item.create', item: { type: 'function_call_output', call_id: event.call_id, output: 'connected' } });
});
realtime.on('response.done', event => {
  if (seen.said.length === 1) speak();
  else if (event.response.output.some(item => item.type === 'function_call')) realtime.send({ type: 'response.create' });
  else finish();
});
