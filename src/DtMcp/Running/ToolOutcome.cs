using DtMcp.Darktrace.Errors;

namespace DtMcp.Running;

/// <summary>What a tool call came to: an answer, or an error as <c>code: happened remedy</c>.</summary>
internal sealed record ToolOutcome(string Text, string? Json, bool IsError)
{
    public static ToolOutcome Refused(ApplianceException failure) =>
        new($"{failure.Code}: {failure.Happened} {failure.Remedy}", null, IsError: true);
}
