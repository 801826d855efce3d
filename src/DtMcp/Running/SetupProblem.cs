namespace DtMcp.Running;

/// <summary>One thing that is wrong with how DtMcp is set up.</summary>
/// <param name="Check">What it is about: a setting's name, <c>settings</c>, <c>start</c>.</param>
/// <param name="Text">What is wrong and what to do, a sentence each; never a secret.</param>
internal sealed record SetupProblem(string Check, string Text);
