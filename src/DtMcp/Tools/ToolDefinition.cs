using DtMcp.Tools.Arguments;
using DtMcp.Traffic.Questions;

namespace DtMcp.Tools;

/// <summary>A tool: what the model reads, and which question of the investigator it becomes. No HTTP, no formatting, no state.</summary>
internal abstract class ToolDefinition
{
    /// <summary>Verb_noun, lower case, at most 48 characters.</summary>
    public abstract string Name { get; }

    public abstract string Title { get; }

    /// <summary>What it answers, for a model that must choose; short, since all of them are in every conversation.</summary>
    public abstract string Description { get; }

    public abstract IReadOnlyList<Parameter> Parameters { get; }

    /// <summary>Whether <c>tools/list</c> shows a parameter; what it does not show is taken all the same.</summary>
    public virtual bool Lists(Parameter parameter) => !parameter.IsQuiet;

    /// <summary>Names of parameters without which the tool cannot be asked.</summary>
    public virtual IReadOnlyList<Parameter> Required => [];

    /// <summary>The question that valid arguments stand for; throws <c>invalid_argument</c> for those that do not go together.</summary>
    public Question Ask(ToolArguments arguments, TimeProvider time)
    {
        var timed = arguments.At(new ZoneClock(time.GetUtcNow(), TimeZones.Of(arguments)));
        return QuestionBuilder.From(Investigate(timed), timed);
    }

    /// <summary>What the tool finds out, by its own arguments; those of all tools are the question's.</summary>
    protected abstract Investigation Investigate(ToolArguments arguments);
}
