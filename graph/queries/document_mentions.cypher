// title: Mentions in a document
// purpose: The mentions in some paragraphs of a document and the things that they refer to, in the order of the text.
// parameters: id, first, last (numbers of paragraphs)
MATCH (d:Document {id: $id})<-[:IN_DOCUMENT]-(m:Mention)-[:REFERS_TO]->(t:Thing)
WHERE $first <= m.paragraph <= $last
WITH m, t ORDER BY m.start, m.end, m.id
WITH t, collect([m.id, m.start, m.end, m.paragraph, m.quote, m.confidence]) AS mentions
RETURN labels(t) AS labels, t.id AS id, t.name AS name, mentions
ORDER BY mentions[0][1], id
