// title: A document
// purpose: A document's facts, with its authors and the documents that have the same text.
// parameters: id
MATCH (d:Document {id: $id})
RETURN d.id AS id, d.title AS title, coalesce(d.date, '') AS date, d.year AS year,
       coalesce(d.publisher, '') AS publisher, coalesce(d.language, '') AS language,
       coalesce(d.licence, '') AS licence, coalesce(d.address, '') AS address, coalesce(d.filename, '') AS filename,
       coalesce(d.media_type, '') AS media_type, coalesce(d.words, 0) AS words, d.state AS state,
       d.version AS version, coalesce(d.read_at, '') AS read_at,
       coalesce(d.authors_by_default, false) AS authors_by_default,
       COLLECT { MATCH (d)-[w:WRITTEN_BY]->(a:Contributor)
                 RETURN {labels: labels(a), id: a.id, name: a.name} ORDER BY w.order } AS authors,
       COLLECT { MATCH (d)-[:PUBLISHED_BY]->(o:Organisation)
                 RETURN {labels: labels(o), id: o.id, name: o.name} } AS publishers,
       COLLECT { MATCH (d)-[:SAME_TEXT_AS]-(o:Document)
                 RETURN {kind: 'Document', id: o.id, name: o.title} ORDER BY o.title, o.id } AS same_texts
