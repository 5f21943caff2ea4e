"""未保体系: joint meetings and their resolutions, directives and their four steps."""
