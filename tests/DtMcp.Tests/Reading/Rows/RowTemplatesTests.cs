using System.Text;
using System.Text.Json;
using DtMcp.Darktrace.Flows;
using DtMcp.Darktrace.Reading.Json;
using DtMcp.Darktrace.Reading.Rows;

namespace DtMcp.Tests.Reading.Rows;

/// <summary>Which rows are walked along what was learned, and what is said of them.</summary>
public class RowTemplatesTests
{
    private readonly FlowSet _flows = new();
    private readonly TemplateRowReader _runs;
    private readonly RowTrace _trace = new();
    private readonly FlowRowParser _parser;
    private readonly FlowWriter _writer;

    public RowTemplatesTests()
    {
        _writer = new FlowWriter(_flows);
        _runs = new TemplateRowReader(_writer);
        _parser = new FlowRowParser { Trace = _trace };
    }

    [Fact]
    public void A_word_is_learned_with_the_text_around_it()
    {
        Learn(Row("internal", "established"));

        Assert.True(IsWalked(Row("internal", "established")));
        Assert.False(IsWalked(Row("external", "established")));
        Assert.False(IsWalked(Row("internal", "failed")));

        Learn(Row("external", "failed"));
        Assert.True(IsWalked(Row("external", "failed")));
        Assert.False(IsWalked(Row("external", "established")));
        Assert.True(IsWalked(Row("internal", "established")));
    }

    [Fact]
    public void Beyond_a_few_words_any_other_is_a_value_like_others()
    {
        for (var i = 0; i < 40; i++)
        {
            Learn(Row("internal", $"flag{i}"));
        }

        Assert.True(IsWalked(Row("internal", "flag0")));
        Assert.True(IsWalked(Row("internal", "flag39")));
        Assert.True(IsWalked(Row("external", "never-seen")));
        Assert.True(IsWalked(Row("EXTERNAL", "failed")));
    }

    [Fact]
    public void What_the_words_of_a_row_say_is_said_of_that_row_only()
    {
        Learn(Row("internal", "established"));
        Learn(Row("external", "FAILED"));
        string[] rows = [Row("internal", "established"), Row("external", "FAILED"), Row("internal", "established")];
        Assert.True(IsWalked(string.Join(',', rows)));

        _writer.Finish();
        var chunk = Assert.Single(_flows.Chunks);
        Assert.Equal(
            [
                FlowTraits.MarkedInternal | FlowTraits.Established, FlowTraits.MarkedExternal | FlowTraits.Failed,
                FlowTraits.MarkedInternal | FlowTraits.Established,
            ],
            chunk.Traits[..3]);
        Assert.True(_flows.Seen.HasFlag(FlowFields.Direction | FlowFields.State));
    }

    [Fact]
    public void A_direction_that_says_nothing_leaves_the_column_unknown()
    {
        Learn(Row("sideways", "established"));
        Assert.True(IsWalked(Row("sideways", "established")));

        _writer.Finish();
        Assert.Equal(FlowTraits.Established, Assert.Single(_flows.Chunks).Traits[0]);
        Assert.Equal(FlowFields.State, _flows.Seen & (FlowFields.Direction | FlowFields.State));
    }

    private static string Row(string direction, string flag) =>
        $$"""{"sourcedevice":{"did":1,"ip":"192.0.2.1"},"destinationport":443,"bytes":5,"direction":"{{direction}}","flags":"""
        + $$"""["{{flag}}","ack"]}""";

    private void Learn(string row)
    {
        var text = Encoding.UTF8.GetBytes(row);
        var reader = new Utf8JsonReader(text);
        Assert.True(reader.Read() && _parser.TryRead(ref reader));
        _runs.Learn(text, _trace);
    }

    private bool IsWalked(string rows)
    {
        var text = Encoding.UTF8.GetBytes("," + rows);
        byte[] padded = [.. text, .. new byte[JsonWindow.Padding]];
        return _runs.Read(padded.AsSpan(0, text.Length)) == text.Length;
    }
}
