// title: The collection
// purpose: Which change of the records the graph reflects, and how much it holds. One row.
OPTIONAL MATCH (state:GraphState {id: 'state'})
CALL () { MATCH (d:Document) RETURN count(d) AS documents, max(d.read_at) AS read_until }
CALL () { MATCH (s:Statement) RETURN count(s) AS statements }
CALL () {
  MATCH (t:Person) RETURN ['Person', count(t)] AS counted
  UNION ALL MATCH (t:Organisation) RETURN ['Organisation', count(t)] AS counted
  UNION ALL MATCH (t:Group) RETURN ['Group', count(t)] AS counted
  UNION ALL MATCH (t:Place) RETURN ['Place', count(t)] AS counted
  UNION ALL MATCH (t:Issue) RETURN ['Issue', count(t)] AS counted
  UNION ALL MATCH (t:Intervention) RETURN ['Intervention', count(t)] AS counted
  UNION ALL MATCH (t:Outcome) RETURN ['Outcome', count(t)] AS counted
  UNION ALL MATCH (t:Idea) RETURN ['Idea', count(t)] AS counted
}
WITH state, documents, read_until, statements, collect(counted) AS counts
RETURN state.sequence AS sequence, documents, read_until, statements, counts
