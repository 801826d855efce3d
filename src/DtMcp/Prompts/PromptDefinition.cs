namespace DtMcp.Prompts;

/// <summary>A text argument of a prompt.</summary>
internal sealed record PromptInput(string Name, string Description, bool Required);

/// <summary>An investigation that a user starts by name: the words that an assistant is given.</summary>
internal sealed record PromptDefinition(string Name, string Title, string Description, IReadOnlyList<PromptInput> Inputs,
    Func<IReadOnlyDictionary<string, string>, string> Words);
