using System.Text.Json;
using DtMcp.Tools;
using DtMcp.Tools.Arguments;
using DtMcp.Traffic.Questions;
using Microsoft.Extensions.Time.Testing;

namespace DtMcp.Tests.Tools;

internal static class ToolCalls
{
    public static readonly DateTimeOffset Now = new(2026, 1, 15, 9, 0, 0, TimeSpan.Zero);

    public static FakeTimeProvider Clock { get; } = new(Now);

    /// <summary>The question that a call with these JSON arguments becomes.</summary>
    public static Question Ask(string name, string json)
    {
        var tool = ToolCatalog.Find(name)!;
        var given = JsonElement.Parse(json).EnumerateObject().Select(member => KeyValuePair.Create(member.Name, member.Value));
        return tool.Ask(ToolArguments.Read(name, tool.Parameters, tool.Required, given), Clock);
    }

    public static string Refused(string name, string json)
    {
        var refusal = Assert.Throws<Darktrace.Errors.ApplianceException>(() => Ask(name, json));
        Assert.Equal("invalid_argument", refusal.Code);
        return refusal.Message;
    }
}
