// title: Mentions in a document
// purpose: The mentions in some paragraphs of a document and the things that they refer to, in the order of the text. One row.
// parameters: id, first, last (numbers of paragraphs)
MATCH (d:Document {id: $id})<-[:IN_DOCUMENT]-(m:Mention)-[:REFERS_TO]->(t:Thing)
WHERE $first <= m.paragraph <= $last
WITH m, t ORDER BY m.start, m.end, m.id
WITH t, collect([m.start, m.end, m.paragraph, m.quote, m.confidence]) AS mentions
ORDER BY mentions[0][0], t.id
RETURN collect({labels: labels(t), id: t.id, name: t.name, mentions: mentions}) AS things
