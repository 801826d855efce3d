namespace DtMcp.Darktrace.Requests;

/// <summary>One <c>key=value</c> of a query, not encoded.</summary>
public readonly record struct Parameter(string Key, string Value);
