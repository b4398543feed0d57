// Says that what was wrong is right again: resolves the ticket that was opened under the same reference.
//
//     npm ci
//     node submit.mjs amqp://submitter:PASSWORD@desk.example alarm-4711 "db-3 answers again"
//
// Whatever goes wrong on the way, the same submission is sent again: by its source and id it has its effect once.

import { setTimeout as pause } from 'node:timers/promises'
import { connect } from 'amqplib'

const ANSWERS = 'amq.rabbitmq.reply-to' // direct reply-to: a queue that nobody has to make

const [url, reference, resolution] = process.argv.slice(2)
const submission = {
  specversion: '1.0',
  source: 'monitoring.example', // your system, always the same
  id: `${reference}-gone`, // this submission, and no other
  type: 'ticket.resolve',
  data: { external_reference: reference, resolution },
}

// The event that answers it, null where no answer came. Throws where the broker may not have taken it.
async function submit() {
  const connection = await connect(url)
  connection.on('error', (error) => console.error(`the broker: ${error.message}`))
  try {
    const channel = await connection.createConfirmChannel()
    channel.on('error', (error) => console.error(`the broker: ${error.message}`))
    const answer = new Promise((resolve) => {
      channel.consume(ANSWERS, (message) => resolve(message && JSON.parse(message.content)), { noAck: true })
    })
    channel.publish('helpdesk.submissions', submission.type, Buffer.from(JSON.stringify(submission)), {
      contentType: 'application/cloudevents+json',
      persistent: true,
      mandatory: true,
      replyTo: ANSWERS,
    })
    await channel.waitForConfirms()
    return await Promise.race([answer, pause(10_000, null, { ref: false })])
  } finally {
    await connection.close()
  }
}

for (let attempt = 0; attempt < 5; attempt++) {
  const answer = await submit().catch((error) => console.error(`the broker: ${error.message}`))
  if (answer?.type === 'submission.accepted') {
    console.log(`ticket ${answer.data.ticket_number}`)
    process.exit(0)
  }
  if (answer) {
    for (const { field, rule, remedy } of answer.data.reasons) console.error(`${field}: ${rule} (${remedy})`)
    process.exit(1)
  }
  await pause(1000 * 2 ** attempt)
}
console.error('no answer: start it again later, with the same reference')
process.exit(75)
