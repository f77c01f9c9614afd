// All that the graph holds of a document: its own nodes with their relationships.
MATCH (d:Document {id: $document})
CALL (d) {
  RETURN d AS n
  UNION MATCH (d)<-[:IN_DOCUMENT]-(n:Mention) RETURN n
  UNION MATCH (d)<-[:PART_OF]-(n:Passage) RETURN n
  UNION MATCH (d)<-[:PART_OF]-(:Passage)<-[:IN_PASSAGE]-(n:Statement) RETURN n
}
RETURN labels(n) AS labels, properties(n) AS properties,
  COLLECT { MATCH (n)-[r]->(m) RETURN [type(r), labels(m), m.id, properties(r)] } AS outgoing,
  COLLECT { MATCH (n)<-[r:DECIDED_ON|SAME_TEXT_AS]-(m) RETURN [type(r), labels(m), m.id, properties(r)] } AS incoming
