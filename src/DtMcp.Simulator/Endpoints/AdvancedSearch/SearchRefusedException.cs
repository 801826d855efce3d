namespace DtMcp.Simulator.Endpoints.AdvancedSearch;

/// <summary>A search that an appliance refuses with status 200 and <c>{"error": "..."}</c>.</summary>
internal sealed class SearchRefusedException(string message) : Exception(message);
