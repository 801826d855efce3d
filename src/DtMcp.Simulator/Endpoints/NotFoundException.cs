namespace DtMcp.Simulator.Endpoints;

/// <summary>An item that is not there (a breach, a metric): 404 <c>{"error": "..."}</c>.</summary>
internal sealed class NotFoundException(string message) : Exception(message);
