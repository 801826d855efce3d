namespace DtMcp.Running;

/// <summary>What a tool call came to: an answer, or an error as <c>code: happened remedy</c>.</summary>
internal sealed record ToolOutcome(string Text, string? Json, bool IsError);
