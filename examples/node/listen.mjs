// Keeps what Relaydesk announces of tickets in a file, a line of JSON for each event, each once.
//
//     npm ci
//     node listen.mjs amqp://listener:PASSWORD@desk.example archive events.jsonl
//
// An event may come twice, or after a later one. What is in the file has had its effect, so its ids tell what is a
// repetition; and of two events about one subject by one source, the higher sequence is the newer.

import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import { connect } from 'amqplib'

const TYPES = ['ticket.created', 'ticket.assigned', 'ticket.resolved', 'ticket.closed', 'sla.breached']

const [url, name, path] = process.argv.slice(2)
const seen = new Set()
const newest = new Map()

function remember(event) {
  const subject = `${event.source} ${event.subject}`
  seen.add(event.id)
  newest.set(subject, Math.max(event.sequence, newest.get(subject) ?? 0))
}

function take(event) {
  if (seen.has(event.id)) return
  const isLate = event.sequence < (newest.get(`${event.source} ${event.subject}`) ?? 0)
  appendFileSync(path, `${JSON.stringify(event)}\n`)
  remember(event)
  console.log(`${event.data.ticket.number} ${event.type}${isLate ? ', late' : ''}`)
}

async function listen(connection) {
  const queue = `listener.${name}`
  const channel = await connection.createChannel()
  channel.on('error', (error) => console.error(`the broker: ${error.message}`))
  await channel.assertQueue(queue, { durable: true, arguments: { 'x-queue-type': 'quorum' } })
  for (const type of TYPES) await channel.bindQueue(queue, 'helpdesk.events', type)
  await channel.prefetch(100)
  await channel.consume(queue, (message) => {
    take(JSON.parse(message.content))
    channel.ack(message)
  })
  console.log(`listening on ${queue}`)
}

if (existsSync(path)) readFileSync(path, 'utf8').split('\n').filter(Boolean).forEach((line) => remember(JSON.parse(line)))
const connection = await connect(url, { recovery: { setup: listen, initialMaxRetries: 5 } })
connection.on('disconnect', (error) => console.error(`the broker: ${error.message}; trying again`))
