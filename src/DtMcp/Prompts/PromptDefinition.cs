namespace DtMcp.Prompts;

/// <summary>What a text argument stands for, so that a client can be offered values for it.</summary>
internal enum InputKind
{
    Text,

    /// <summary>A device by name or address.</summary>
    Device,

    /// <summary>A device by its id.</summary>
    DeviceId,

    /// <summary>A device by its address.</summary>
    DeviceAddress,

    /// <summary>A length of time up to now.</summary>
    Window,

    /// <summary>A range in CIDR form.</summary>
    Subnet,

    /// <summary>An IP protocol.</summary>
    Protocol,
}

/// <summary>A text argument of a prompt or of a resource's address.</summary>
internal sealed record PromptInput(string Name, InputKind Kind, string Description, bool Required);

/// <summary>An investigation that a user starts by name: the words that an assistant is given.</summary>
internal sealed record PromptDefinition(string Name, string Title, string Description, IReadOnlyList<PromptInput> Inputs,
    Func<IReadOnlyDictionary<string, string>, string> Words);
