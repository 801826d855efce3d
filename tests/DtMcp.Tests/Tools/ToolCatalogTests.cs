using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using DtMcp.Serving;
using DtMcp.Tools;
using DtMcp.Tools.Arguments;
using Microsoft.ML.Tokenizers;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace DtMcp.Tests.Tools;

public partial class ToolCatalogTests
{
    private const int MaxTokens = 5_500;

    private const int MaxTokensOfTheFirst = 3_500;

    public static TheoryData<string> Names => [.. ToolCatalog.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_tool_is_named_titled_and_described_for_a_model(string name)
    {
        var tool = ToolCatalog.Find(name)!;
        Assert.Matches(NamePattern(), tool.Name);
        Assert.NotEmpty(tool.Title);
        Assert.InRange(tool.Description.Length, 20, 160);
        Assert.All(tool.Parameters, parameter =>
            Assert.InRange(parameter.Description.Length, 5, parameter.Kind is ParameterKind.Words ? 170 : 80));
        Assert.Equal(tool.Parameters.Count, tool.Parameters.DistinctBy(parameter => parameter.Name).Count());
        Assert.Contains(tool.Parameters, parameter => parameter == Parameters.Format);
        Assert.Contains(tool.Parameters, parameter => parameter == Parameters.Detail);

        var wire = ToolServer.Describe(tool, tool.Parameters);
        Assert.True(wire.Annotations!.ReadOnlyHint);
        Assert.True(wire.Annotations.IdempotentHint);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_schema_is_flat_and_closed_so_that_every_client_takes_it(string name)
    {
        var tool = ToolCatalog.Find(name)!;
        var schema = ToolSchema.Build(tool.Parameters, tool.Required);
        Assert.False(schema.GetProperty("additionalProperties").GetBoolean());
        foreach (var property in schema.GetProperty("properties").EnumerateObject())
        {
            Assert.Contains(property.Value.GetProperty("type").GetString(), new[] { "string", "integer", "number", "boolean" });
            Assert.All(property.Value.EnumerateObject(), member => Assert.Contains(member.Name, new[] { "type", "enum", "description" }));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_tool_has_tests_of_its_own(string name)
    {
        var tool = ToolCatalog.Find(name)!.GetType().Name;
        var tests = typeof(ToolTests).Assembly.GetType($"{typeof(ToolTests).Namespace}.{tool}Tests");

        Assert.True(tests?.IsSubclassOf(typeof(ToolTests)) == true, $"Tools/{tool}Tests.cs, a ToolTests, is missing.");
        Assert.Equal(name, typeof(ToolTests).GetProperty("Tool", BindingFlags.Instance | BindingFlags.NonPublic)!.GetValue(
            Activator.CreateInstance(tests, [null])));
    }

    [Fact]
    public void The_list_of_tools_costs_little_of_a_conversation()
    {
        var tokenizer = TiktokenTokenizer.CreateForModel("gpt-4o");
        Assert.InRange(Count(ToolCatalog.All), 1_000, MaxTokens);
        Assert.InRange(Count([.. ToolCatalog.All.Take(7), ToolCatalog.All[^1]]), 1_000, MaxTokensOfTheFirst);

        int Count(IEnumerable<ToolDefinition> tools) => tokenizer.CountTokens(JsonSerializer.Serialize(
            new ListToolsResult { Tools = [.. tools.Select(tool => ToolServer.Describe(tool, tool.Parameters))] },
            McpJsonUtilities.DefaultOptions));
    }

    [Fact]
    public void Every_filter_of_the_endpoint_is_a_parameter_of_the_rows()
    {
        string[] filters =
        [
            "applicationprotocol", "destinationport", "did", "endtime", "from", "fulldevicedetails", "intext", "ip", "metric", "port",
            "protocol", "sourceport",
            "starttime", "to", "viewsubnet", "responsedata",
        ];
        Assert.All(filters, filter => Assert.Contains(ToolCatalog.All[0].Parameters, parameter => parameter.Name == filter));
    }

    [Fact]
    public void The_readme_has_a_row_for_every_tool_and_no_other()
    {
        var readme = Snapshot.FindUpward("README.md");
        Assert.SkipWhen(readme is null, "The sources are not beside the tests.");
        var tables = RowPattern().Matches(File.ReadAllText(readme!)).Select(row => row.Groups["first"].Value).ToList();

        Assert.Equal(ToolCatalog.Names.Order(), tables.Where(first => NamePattern().IsMatch(first)).Order());
    }

    [GeneratedRegex(@"^\| `(?<first>[^`|]+)` \| [^|\s]", RegexOptions.Multiline)]
    private static partial Regex RowPattern();

    [GeneratedRegex("^[a-z]+(_[a-z]+)+$")]
    private static partial Regex NamePattern();
}
